// Plain JavaScript: it must also run on the old Node that it is there to complain about.
const wanted = 24;
const found = Number(process.versions.node.split('.')[0]);

if (found !== wanted) {
  process.stderr.write(
    `Node ${wanted} is needed and this is Node ${process.versions.node}.\n` +
      'The dev dependency "node" brings it: run the scripts by npm ("npm run check", not "node scripts/check.ts"), after an\n' +
      '"npm ci" that may run install scripts (npm config get ignore-scripts must say false); "npm rebuild node" repairs it.\n',
  );
  process.exit(1);
}
process.stdout.write(`Node ${process.versions.node}\n`);
