/** What `<account>/<region>/<name>` names. */
export interface AwsPath {
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

const ACCOUNT = /^\d{12}$/;
const REGION = /^[a-z]{2}(?:-[a-z]+)+-\d{1,2}$/;
/** What names of both stores are made of; Secrets Manager's also have `/+=@`, which the config's schema allows. */
const NAME = /^[A-Za-z0-9/_+=.@*-]+$/;

export function parseAwsPath(path: string): AwsPath {
  const [account = '', region = '', ...name] = path.split('/');
  return { account, region, name: name.join('/') };
}

/** What is wrong with a line of `secrets`: only the name may have a `*`, and not the whole of it `**`. */
export function refuseAwsLine(path: string): string | undefined {
  const { account, region, name } = parseAwsPath(path);
  if (!ACCOUNT.test(account)) return 'an account that is not 12 digits';
  if (!REGION.test(region)) return 'a region that is not written in full';
  if (name === '' || name === '**') return 'no name behind its account and region';
  return NAME.test(name) ? undefined : 'a name with a character that AWS does not allow';
}

/** Below `/aws` Parameter Store reads other services, Secrets Manager too. */
export function refuseParameterLine(path: string): string | undefined {
  return refuseAwsLine(path) ?? (isOfAws(parseAwsPath(path).name) ? 'a parameter below "/aws"' : undefined);
}

export function isOfAws(name: string): boolean {
  return /^(?:aws|ssm)(?:$|\/)/i.test(name);
}

/** `cn` regions and those of the government have their own partitions: https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html */
export function partitionOf(region: string): 'aws' | 'aws-cn' | 'aws-us-gov' {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
