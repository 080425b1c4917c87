// Runs ONNX files in ONNX Runtime.
//
//   node - FOLDER [MODEL.onnx IN.safetensors OUT.safetensors]... < onnxruntime.cjs
//
// FOLDER is where the package onnxruntime-node is looked for, as node looks for packages: in node_modules there and further up. Inputs
// are found by the model's names for them; all outputs are stored under theirs. Exit code 3 where the package is missing, 1 for other
// failures, which go to standard error.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { createRequire } = require('node:module');

const [folder, ...files] = process.argv.slice(2);

function load() {
  try {
    const find = createRequire(path.join(path.resolve(folder), 'package.json'));
    return find('onnxruntime-node');
  } catch (error) {
    console.error(error.message.split('\n')[0]);
    process.exit(3);
  }
}

// A safetensors file: the length of a JSON header in 8 bytes, the header, the data that it points into.
function readTensors(file, ort) {
  const raw = fs.readFileSync(file), start = 8 + Number(raw.readBigUInt64LE(0)), tensors = {};
  for (const [name, { shape, data_offsets: [from, to] }] of Object.entries(JSON.parse(raw.subarray(8, start)))) {
    // A copy is aligned, as an array of floats must be.
    const bytes = Uint8Array.prototype.slice.call(raw, start + from, start + to);
    tensors[name] = new ort.Tensor('float32', new Float32Array(bytes.buffer), shape);
  }
  return tensors;
}

function writeTensors(file, tensors) {
  const header = {}, parts = [];
  let end = 0;
  for (const [name, { data, dims }] of Object.entries(tensors)) {
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    header[name] = { dtype: 'F32', shape: Array.from(dims), data_offsets: [end, end += bytes.length] };
    parts.push(bytes);
  }
  const text = Buffer.from(JSON.stringify(header)), length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  fs.writeFileSync(file, Buffer.concat([length, text, ...parts]));
}

async function main() {
  const ort = load();
  for (let i = 0; i + 2 < files.length; i += 3) {
    const session = await ort.InferenceSession.create(files[i], { logSeverityLevel: 3 });
    writeTensors(files[i + 2], await session.run(readTensors(files[i + 1], ort)));
    await session.release();
  }
}

main().catch(error => {
  console.error(error.message);
  process.exit(1);
});
