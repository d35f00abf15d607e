import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A Deployment as teams write them, that keeps to the three rules and to pod-security/restricted. */
export function deployment(index: number): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-${index}
  namespace: shop
  labels:
    app: app-${index}
    team: team-${index % 20}
spec:
  replicas: 3
  selector:
    matchLabels:
      app: app-${index}
  template:
    metadata:
      labels:
        app: app-${index}
        team: team-${index % 20}
    spec:
      securityContext:
        runAsNonRoot: true
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: main
          image: registry.example.com/shop/app-${index}:1.2.${index}
          ports:
            - name: http
              containerPort: 8080
          env:
            - name: LOG_LEVEL
              value: info
            - name: INSTANCE
              value: "${index}"
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
            limits:
              memory: 256Mi
          readinessProbe:
            httpGet:
              path: /healthz
              port: http
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop:
                - ALL
`;
}

function texts(count: number): string[] {
  return Array.from({ length: count }, (_, index) => deployment(index));
}

/** @param files how many files they are spread over, in equal parts */
export function writeDeployments(folder: string, count: number, files: number): string {
  mkdirSync(folder, { recursive: true });
  const all = texts(count);
  const each = Math.ceil(count / files);
  for (let file = 0; file < files; file++)
    writeFileSync(join(folder, `app-${file}.yaml`), all.slice(file * each, (file + 1) * each).join('---\n'));
  return files === 1 ? join(folder, 'app-0.yaml') : folder;
}
