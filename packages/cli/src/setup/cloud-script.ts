import { DEPLOYER } from '@slipway/kubernetes';
import type { GitHubRepository } from '../outside/github-repository.ts';
import { literalInExpanded, shellWord } from '../outside/shell.ts';
import type { IdentityKind } from './choices.ts';

/** Who logs in to a cloud from where. */
export interface CloudLogin {
  readonly identity: Exclude<IdentityKind, 'token'>;
  /** Whom the login is in the cluster. */
  readonly subject: string;
  readonly repository: GitHubRepository;
  readonly environment: string | undefined;
  readonly branch: string;
  /** Names what is made: letters, digits and hyphens. */
  readonly name: string;
}

/** Commands for the side of a cloud, which people run who know the account: docs/clouds.md explains each. */
export function cloudScript(login: CloudLogin): string[] {
  return [...SCRIPTS[login.identity](login), ...noteOnSubject(login)];
}

/** The identity token of a job: https://docs.github.com/en/actions/reference/security/oidc */
function subjectOf({ repository: { owner, name }, environment, branch }: CloudLogin): string {
  const job = environment === undefined ? `ref:refs/heads/${branch}` : `environment:${environment}`;
  return `repo:${owner}/${name}:${job}`;
}

function issuerOf({ host }: GitHubRepository): string {
  return host === 'github.com' ? 'token.actions.githubusercontent.com' : `${host}/_services/token`;
}

function noteOnSubject({ repository: { owner, name } }: CloudLogin): string[] {
  return [
    `# A repository that was created, renamed or transferred after 15 July 2026 has its IDs in the subject: "repo:${owner}@<owner id>/${name}@<repository id>:…".`,
  ];
}

const SCRIPTS: Readonly<Record<CloudLogin['identity'], (login: CloudLogin) => string[]>> = {
  eks(login) {
    const { repository, name, subject } = login;
    const issuer = issuerOf(repository);
    const trust = literalInExpanded(
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: 'sts:AssumeRoleWithWebIdentity',
            Principal: { Federated: `arn:aws:iam::ACCOUNT:oidc-provider/${issuer}` },
            Condition: {
              StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com', [`${issuer}:sub`]: subjectOf(login) },
            },
          },
        ],
      }),
    ).replace('ACCOUNT', '$account');
    return [
      'account=111122223333 region=eu-central-1 cluster=shop # yours',
      `aws iam create-role --role-name ${name} --assume-role-policy-document "$(cat <<EOF`,
      trust,
      'EOF',
      ')"',
      `aws iam put-role-policy --role-name ${name} --policy-name describe-cluster --policy-document "$(cat <<EOF`,
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"eks:DescribeCluster","Resource":"arn:aws:eks:$region:$account:cluster/$cluster"}]}',
      'EOF',
      ')"',
      `aws eks create-access-entry --region "$region" --cluster-name "$cluster" --principal-arn "arn:aws:iam::$account:role/${name}" --kubernetes-groups ${shellWord(subject)}`,
    ];
  },
  gke(login) {
    const { subject } = login;
    return [
      'project=acme number=123456789 pool=github # yours',
      `account=${shellWord(subject)}`,
      'gcloud iam service-accounts create "${account%%@*}" --project "$project"',
      `gcloud iam service-accounts add-iam-policy-binding "$account" --project "$project" --role roles/iam.workloadIdentityUser \\`,
      `  --member "principal://iam.googleapis.com/projects/$number/locations/global/workloadIdentityPools/$pool/subject/"${shellWord(subjectOf(login))}`,
      'gcloud iam roles create slipwayClusterReader --project "$project" --permissions container.clusters.get',
      'gcloud projects add-iam-policy-binding "$project" --member "serviceAccount:$account" --role "projects/$project/roles/slipwayClusterReader"',
    ];
  },
  aks(login) {
    const { repository, name, subject } = login;
    return [
      `group=shop cluster=shop identity=${name} # yours`,
      `az identity federated-credential create --resource-group "$group" --identity-name "$identity" --name ${name} \\`,
      `  --issuer https://${issuerOf(repository)} --audiences api://AzureADTokenExchange --subject ${shellWord(subjectOf(login))}`,
      `az role assignment create --role 'Azure Kubernetes Service Cluster User Role' --assignee-object-id ${shellWord(subject)} --assignee-principal-type ServicePrincipal \\`,
      '  --scope "$(az aks show --resource-group "$group" --name "$cluster" --query id --output tsv)"',
    ];
  },
};

/** What a cloud's identity is called. */
export function cloudName(application: string, formation: string): string {
  return `${application}-${formation}-${DEPLOYER}`.slice(0, 63);
}
