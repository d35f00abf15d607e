/** A Dockerfile of one page of HTML. */
export const DOCKERFILE = `FROM docker.io/library/busybox:1.37
COPY index.html /site/
USER 65532:65532
CMD ["httpd", "-f", "-p", "8080", "-h", "/site"]
`;

/** A Deployment and its Service, as a stencil. */
export const WEB = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: { app: web }
spec:
  replicas: 2
  selector:
    matchLabels: { app: web }
  template:
    metadata:
      labels: { app: web }
    spec:
      containers:
        - name: web
          image: \${image.web}
          ports: [{ name: http, containerPort: 8080 }]
          readinessProbe:
            httpGet: { path: /, port: http }
            periodSeconds: 2
---
apiVersion: v1
kind: Service
metadata:
  name: web
  labels: { app: web }
spec:
  selector: { app: web }
  ports: [{ name: http, port: 80, targetPort: http }]
`;
