import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchJars, jarFolder, jarsAreThere } from '../parts/fetch-jars.ts';
import { findJava, OLDEST_JAVA } from '../parts/machine.ts';
import { PartsError } from '../parts/parts-error.ts';

/** What LocalStack's DynamoDB is made of. */
export interface DynamoDbForLocalStack {
  readonly java: string;
  /** Where `java` is looked for; LocalStack's own path has our stand-in first. */
  readonly path: string;
  readonly jars: string;
  readonly jettyXml: string;
}

/**
 * Finds Java and the jars of DynamoDB Local, the same as those of the part of that name; fetches them by Maven once.
 *
 * @throws PartsError when there is no Java 17 or newer, or Maven fails.
 */
export async function dynamoDbForLocalStack(
  cache: string,
  localFolder: string,
  environment: NodeJS.ProcessEnv,
): Promise<DynamoDbForLocalStack> {
  const java = await findJava(environment);
  if (java === undefined || java.version < OLDEST_JAVA) {
    throw new PartsError(`LocalStack's DynamoDB needs Java ${OLDEST_JAVA} or newer, in JAVA_HOME or on the PATH.`);
  }
  const jars = await jarFolder('dynamodb', localFolder, cache);
  if (!jarsAreThere(jars)) await fetchJars('dynamodb', jars, { localFolder, environment });
  return {
    java: java.command,
    path: environment.PATH ?? '',
    jars,
    jettyXml: join(localFolder, 'dynamodb', 'jetty.xml'),
  };
}

/**
 * Puts DynamoDB Local where LocalStack looks for it below its file system root, so that it does not download it: it takes a
 * package as installed when its marker file is there.
 */
export async function layOutDynamoDb(root: string, parts: DynamoDbForLocalStack): Promise<void> {
  const libraries = join(root, 'usr', 'lib', 'localstack');
  const marker = join(libraries, 'dynamodb-local', '2', 'DynamoDBLocal.jar');
  const java = join(libraries, 'java', '21', 'bin', 'java');
  await mkdir(join(marker, '..'), { recursive: true });
  await mkdir(join(java, '..'), { recursive: true });
  await writeFile(marker, '');
  await writeFile(java, javaWrapper(parts));
  await chmod(java, 0o755);
}

/**
 * LocalStack starts a jar and an agent that are not on Maven Central, on every interface. This stands in its Java's place,
 * takes heap and port from those arguments, and starts the server of the `dynamodb` part.
 */
function javaWrapper({ java, path, jars, jettyXml }: DynamoDbForLocalStack): string {
  return `#!/bin/sh
heap=-Xmx256m
port=
while [ $# -gt 0 ]; do
  case $1 in
    -Xmx*) heap=$1 ;;
    -port) port=$2; shift ;;
  esac
  shift
done
PATH=${quoted(path)}
exec ${quoted(java)} "$heap" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -DkafkaOnce.port="$port" \\
  -Djava.library.path=${quoted(jars)} -Dsqlite4java.library.path=${quoted(jars)} \\
  -cp ${quoted(join(jars, '*'))} org.eclipse.jetty.xml.XmlConfiguration ${quoted(jettyXml)}
`;
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}
