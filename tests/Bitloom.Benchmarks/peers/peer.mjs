// Keeps one ONNX Runtime session alive and times runs of it on command, so that two programs can be measured in turn.
//
//   node peer.mjs MODEL.onnx THREADS HEIGHT WIDTH     HEIGHT and WIDTH fill the dimensions that the model leaves free
//
// It speaks JSON, one object a line. When the session is ready: {"version": "1.30.0", "shape": [1, 64, 128, 128]}.
// Then each line {"runs": N} on standard input is answered by {"milliseconds": [N numbers]}, after one run that is not timed.
// The program ends when standard input does. Failures go to standard error, with exit code 1.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import readline from 'node:readline';
import ort from 'onnxruntime-node';

const [model, threads, height, width] = process.argv.slice(2);
const answer = object => fs.writeSync(1, JSON.stringify(object) + '\n');

// Everything that makes the peer fast is on: all graph optimizations, and threads that spin during a run. The threads spin on for
// a moment after a run; whoever measures stops this process while it is not its turn.
const session = await ort.InferenceSession.create(model, {
  intraOpNumThreads: Number(threads), interOpNumThreads: 1, executionMode: 'sequential', graphOptimizationLevel: 'all', logSeverityLevel: 3,
});

// An input is 1 x channels x height x width; a dimension without a number is free.
const sizeOf = (dimension, index) => dimension > 0 ? Number(dimension) : [1, 1, Number(height), Number(width)][index];
const feeds = {};
for (const { name, shape } of session.inputMetadata) {
  const dims = Array.from(shape, sizeOf);
  const values = Float32Array.from({ length: dims.reduce((a, b) => a * b) }, Math.random);
  feeds[name] = new ort.Tensor('float32', values, dims);
}

// Outputs are allocated once, as soon as the first run has shown their shapes; later runs write into them.
const shown = await session.run(feeds), fetches = {};
for (const [name, { dims, data }] of Object.entries(shown)) fetches[name] = new ort.Tensor('float32', new Float32Array(data.length), dims);

const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json');
answer({ version, shape: feeds[session.inputNames[0]].dims });

for await (const line of readline.createInterface({ input: process.stdin })) {
  const { runs } = JSON.parse(line), milliseconds = [];
  await session.run(feeds, fetches);
  for (let i = 0; i < runs; i++) {
    const start = process.hrtime.bigint();
    await session.run(feeds, fetches);
    milliseconds.push(Number(process.hrtime.bigint() - start) / 1e6);
  }
  answer({ milliseconds });
}
