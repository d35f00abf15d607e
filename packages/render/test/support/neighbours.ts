import type { Files } from './shop.ts';

/** A small application in which objects refer to each other in every common way, and to some objects that it does not have. */
export const neighbours = `apiVersion: v1
kind: ServiceAccount
metadata: {name: api}
imagePullSecrets: [{name: pull}, {name: elsewhere}]
---
apiVersion: v1
kind: Secret
metadata: {name: pull}
type: kubernetes.io/dockerconfigjson
stringData: {.dockerconfigjson: "{}"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {address: "http://api:80"}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: files}
spec: {accessModes: [ReadWriteOnce], storageClassName: fast, resources: {requests: {storage: 1Gi}}}
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: fast}
provisioner: example.com/disk
---
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: high}
value: 1000
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, labels: {app: api}}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      serviceAccountName: api
      priorityClassName: high
      imagePullSecrets: [{name: pull}]
      initContainers:
        - {name: wait, image: a, envFrom: [{configMapRef: {name: settings}}, {secretRef: {name: other}}]}
      containers:
        - name: api
          image: a
          env:
            - {name: A, valueFrom: {configMapKeyRef: {name: settings, key: address}}}
            - {name: B, valueFrom: {secretKeyRef: {name: pull, key: x, optional: true}}}
      volumes:
        - {name: a, configMap: {name: settings}}
        - {name: b, secret: {secretName: pull}}
        - {name: c, persistentVolumeClaim: {claimName: files}}
        - {name: d, projected: {sources: [{configMap: {name: settings}}, {secret: {name: pull}}]}}
        - {name: e, configMap: {name: kube-root-ca.crt}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {serviceAccountName: api, containers: [{name: db, image: a}]}
  volumeClaimTemplates:
    - metadata: {name: data}
      spec: {accessModes: [ReadWriteOnce], storageClassName: fast, resources: {requests: {storage: 1Gi}}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: report}
spec:
  schedule: "0 0 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          serviceAccountName: api
          restartPolicy: Never
          containers:
            - {name: a, image: a, envFrom: [{configMapRef: {name: settings}}]}
---
apiVersion: v1
kind: Service
metadata: {name: api}
spec: {selector: {app: api}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: db}
spec: {clusterIP: None, selector: {app: db}, ports: [{port: 5432}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: api}
spec:
  defaultBackend: {service: {name: api, port: {number: 80}}}
  tls: [{hosts: [a.example], secretName: pull}, {hosts: [b.example], secretName: other}]
  rules:
    - host: a.example
      http:
        paths:
          - {path: /, pathType: Prefix, backend: {service: {name: api, port: {number: 80}}}}
          - {path: /b, pathType: Prefix, backend: {service: {name: other, port: {number: 80}}}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: api}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: api}, maxReplicas: 3}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: api}
spec: {minAvailable: 1, selector: {matchLabels: {app: api}}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader}
rules:
  - {apiGroups: [""], resources: [configmaps], resourceNames: [settings, other], verbs: [get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [{kind: ServiceAccount, name: api, namespace: shop-staging}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: viewer}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: ServiceAccount, name: api, namespace: shop-staging}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: check}
webhooks:
  - name: check.example.com
    admissionReviewVersions: [v1]
    sideEffects: None
    clientConfig: {service: {name: api, namespace: shop-staging}}
---
apiVersion: v1
kind: Namespace
metadata: {name: extra}
`;

/** The same application as two formations of one namespace. */
export const twoFormations: Files = {
  'stencils/config.yaml': neighbours,
  'formations/canary.yaml': `apiVersion: slipway.dev/v1
kind: Formation
metadata: {name: canary}
spec:
  name-prefix: \${formation}-
  labels: {track: "\${formation}"}
  destinations: {main: {namespace: shop-staging}}
`,
};
