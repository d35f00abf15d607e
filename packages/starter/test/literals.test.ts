import { describe, expect, it } from '@jest/globals';
import { looksSecret } from '../src/index.ts';
import { secretSpansInCommand } from '../src/literals/secret-spans.ts';

/** Put together here, so that no scanner of this repository takes them for real ones. */
const SECRETS: Readonly<Record<string, readonly [name: string, value: string]>> = {
  'the name says so': ['DB_PASSWORD', 'hunter2'],
  'the name says so in camel case': ['apiKey', 'abc'],
  'the name says so behind a dot': ['spring.datasource.password', 'abc'],
  'an access key of AWS has its form': ['ID', `AKIA${'A'.repeat(16)}`],
  'a token of GitHub has its form': ['X', `ghp_${'a'.repeat(36)}`],
  'a private key has its first line': ['X', ['-----BEGIN', 'RSA', 'PRIVATE', 'KEY-----'].join(' ')],
  'a connection string has a password': ['CONN', 'Server=db;User Id=sa;Password=example-only;'],
  'JSON in it has a password': ['CONF', '{"level":"info","password":"example-only"}'],
  'JSON in JSON has a password': ['CONF', '{\\"password\\": \\"example-only\\"}'],
  'a header has a token': ['H', ['Bearer', 'example0only1example2'].join(' ')],
  'a header has a login': ['H', `Authorization: Basic ${btoa('example:only')}`],
  'a flag has a password': ['args', '--db-password=example-only'],
  'a property in a file has a password': ['application.properties', 'a.b=1\ndb.password=example-only\n'],
  'YAML in a file has a token': ['app.yaml', 'level: info\ntoken: example-only # of ours\n'],
  'an address has a token behind it': ['URL', 'https://x.example/?a=1&token=example-only'],
  'a line of npm has a token': ['.npmrc', '//registry.example/:_authToken=example-only'],
  'an address has a short password': ['URL', 'https://u:pw@x.example/'],
  'an address has a password': ['DATABASE_URL', 'postgres://app:hunter2@db:5432/app'],
};

const OTHERS: Readonly<Record<string, readonly [name: string, value: string]>> = {
  'the name has the word as a part': ['TOKENIZER_PATH', '/models'],
  'the value is a placeholder': ['DB_PASSWORD', '${DB_PASSWORD}'],
  'the value is an example': ['DB_PASSWORD', 'changeme'],
  'the value is empty': ['DB_PASSWORD', ''],
  'the address has a user only': ['DATABASE_URL', 'postgres://app@db:5432/app'],
  'the password of the address is a placeholder': ['DATABASE_URL', 'postgres://app:${PASSWORD}@db/app'],
  'it is a port': ['PORT', '8080'],
  'it is a file': ['args', '--password-file=/run/secrets/x'],
  'a file is behind the flag': ['args', '--token=/var/run/secrets/x'],
  'it is the variable of a file': ['PASSWORD_FILE', '/run/secrets/x'],
  'it is a line with the variable of a file': ['X', 'PASSWORD_FILE=/run/secrets/x'],
  'YAML in it has a variable': ['app.yaml', 'token: ${TOKEN}\n'],
  'JSON in it has a template': ['app.json', '{"token": "{{ .token }}"}'],
  'a header has a variable': ['H', 'Bearer ${X}'],
  'a header has a variable of a shell': ['H', 'Authorization: Bearer $TOKEN_1234567890123'],
  'a header says who asks': ['H', 'Bearer realm="https://x.example/authentication"'],
  'a sentence has the word': ['TEXT', 'Wrong password: try again, or ask for a token: it is free.'],
  'a script has a parameter': ['run.sh', 'password="$1"\ntoken=$(cat /x)\npassword=$DB\n'],
  'a program has an expression': ['app.py', 'password = os.environ["X"]\ntoken = read_token()\n'],
  'it is the name of a Secret': ['values.yaml', 'existingSecret: db-login\nsecretName: db\n'],
  'it is an image': ['image', 'registry.example/acme/token:v1.2.3'],
  'it is an image without a registry': ['image', 'token:v1.2.3'],
  'it is a limit': ['args', '--max-token=4096 --password-min-length=12'],
  'it is the address of tokens': ['args', '--token=https://x.example/token'],
};

describe('a literal', () => {
  it.each(Object.entries(SECRETS))('looks like a secret where %s', (_when, [name, value]) => {
    expect(looksSecret(name, value)).toBe(true);
  });

  it.each(Object.entries(OTHERS))('does not where %s', (_when, [name, value]) => {
    expect(looksSecret(name, value)).toBe(false);
  });
});

describe('a command', () => {
  const hidden = (text: string): string =>
    secretSpansInCommand(text)
      .toReversed()
      .reduce((all, { start, end, name }) => `${all.slice(0, start)}<${name}>${all.slice(end)}`, text);

  it.each([
    ['redis-server --requirepass example-only --port 1', 'redis-server --requirepass <requirepass> --port 1'],
    [`x --url postgres://u:example-only@db/x -v`, 'x --url postgres://u:<password>@db/x -v'],
    [`x --tok ghp_${'a'.repeat(36)}`, 'x --tok <token>'],
    ['curl -f -u admin:pw http://x', 'curl -f -u admin:<password> http://x'],
    ['mysqladmin --password="example only" ping', 'mysqladmin --password="<password>" ping'],
  ])('has the parts of %j that look like secrets', (text, shown) => {
    expect(hidden(text)).toBe(shown);
  });

  it.each([
    'x --password-file=/run/secrets/x --password-file /run/secrets/x',
    'x --password --host db',
    'x --password $PASSWORD --token ${TOKEN}',
    'gunicorn --user www:www',
    'curl -u $USER:$PASSWORD http://x',
    'curl -fsS http://localhost:8080/health',
  ])('has none in %j', text => {
    expect(secretSpansInCommand(text)).toEqual([]);
  });
});
