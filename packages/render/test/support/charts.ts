import { config, type Files } from './shop.ts';
import { stagingWith } from './tools.ts';

export const chart: Files = {
  'charts/demo/Chart.yaml': 'apiVersion: v2\nname: demo\nversion: 1.2.3\n',
  'charts/demo/values.yaml': 'replicas: 1\nimage: none\npassword: none\n',
  'charts/demo/templates/_helpers.tpl': '{{- define "labels" }}\napp: {{ .Release.Name }}\n{{- end }}\n',
  'charts/demo/templates/api.yaml': `# The API.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  labels: {{- include "labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels: {app: api}
  template:
    metadata:
      labels: {app: api}
    spec:
      containers:
        - name: api
          image: {{ .Values.image | quote }}
`,
  'charts/demo/templates/secret.yaml': `apiVersion: v1
kind: Secret
metadata:
  name: api
  namespace: {{ .Release.Namespace }}
stringData:
  url: "postgres://u:{{ .Values.password }}@db"
data:
  password: {{ .Values.password | b64enc }}
  known: {{ "text" | b64enc }}
`,
};

export const source = (values: string, more = ''): Files =>
  stagingWith(`sources:\n  demo:\n    helm:\n      chart: charts/demo\n${more}      values: ${values}`);
const values = '{image: "${image.api}", password: "${secret.db.password}", replicas: 3}';
export const secrets = { 'config/a.yaml': config('', '"*.*.db.password": {from: env, name: DB}') };
export const files: Files = { ...chart, ...secrets, ...source(values) };
