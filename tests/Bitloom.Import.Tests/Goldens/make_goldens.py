#!/usr/bin/python3
"""Small networks exported by PyTorch in several operator sets, with an input and what PyTorch computed: goldens of the importer.

    apt-get install -y --no-install-recommends python3-torch python3-onnx     # PyTorch 1.13
    /usr/bin/python3 make_goldens.py

Writes NAME.onnx (and NAME_free.onnx where height and width may be free) and NAME.safetensors beside this file.
Inputs of signs stay away from 0, so that rounding flips none.
"""
import json, os, struct, warnings
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F
warnings.filterwarnings("ignore")
FOLDER = os.path.dirname(os.path.abspath(__file__))
margin = [1.0]


def write_safetensors(path, tensors):
    header, blobs, at = {}, [], 0
    for k, v in tensors.items():
        v = np.ascontiguousarray(v.detach().numpy()).astype("<f4")
        header[k] = {"dtype": "F32", "shape": list(v.shape), "data_offsets": [at, at + v.nbytes]}; at += v.nbytes; blobs.append(v.tobytes())
    h = json.dumps(header).encode(); h += b" " * (-len(h) % 8)
    with open(path, "wb") as f: f.write(struct.pack("<Q", len(h)) + h + b"".join(blobs))


def sign(x, beta):
    if not torch.onnx.is_in_onnx_export(): margin[0] = min(margin[0], float(x.abs().min()))
    soft = torch.tanh(x * beta); return torch.sign(x).detach() - soft.detach() + soft

class Unit(nn.Module):
    def __init__(s, c): super().__init__(); s.weight, s.k, s.b, s.beta = nn.Parameter(torch.randn(c, c, 1, 1)), nn.Parameter(torch.randn(1, c, 1, 1)), nn.Parameter(torch.randn(1, c, 1, 1)), nn.Parameter(torch.tensor([1.3])); s.act = nn.PReLU(c)
    def forward(s, x):
        w = s.weight; clipped = torch.clamp(w, -1, 1); scale = w.abs().mean((1, 2, 3), keepdim=True)
        r = x * s.k.expand_as(x) + s.b.expand_as(x); return s.act(F.conv2d(sign(r, s.beta), (scale * torch.sign(w)).detach() - clipped.detach() + clipped)) + x

class Spectral(nn.Module):
    """what BiSRNet does with sizes and axes: reflection to a multiple of 8, normalised channels last, halved, doubled, cut back"""
    def __init__(s, c=4): super().__init__(); s.conv, s.norm, s.a, s.b, s.c = nn.Conv2d(c, c, 3, 1, 1), nn.LayerNorm(c), Unit(c), Unit(c), Unit(c); nn.init.normal_(s.norm.weight); nn.init.normal_(s.norm.bias)
    def forward(s, x):
        h, w = x.shape[2:]; y = s.conv(F.pad(x, [0, -w % 8, 0, -h % 8], mode="reflect")).permute(0, 2, 3, 1)
        y = (s.a(s.norm(y).permute(0, 3, 1, 2)).permute(0, 2, 3, 1) + y).permute(0, 3, 1, 2)
        y = F.interpolate(s.b(F.avg_pool2d(y, 2)), scale_factor=2, mode="bilinear", align_corners=False); h2 = y.shape[1] // 2
        return torch.cat([y[:, h2:], s.c(y)[:, :h2]], 1)[:, :, :h, :w]

class Mobile(nn.Module):
    def __init__(s): super().__init__(); s.a, s.b, s.fc = nn.Conv2d(3, 8, 3, 2, 1), nn.Conv2d(8, 8, 3, 1, 1, groups=8), nn.Linear(8, 5)
    def forward(s, x):
        y = F.max_pool2d(F.hardswish(s.a(x)), 3, 2, 1, ceil_mode=True); y = F.relu6(s.b(y) * 4) + F.gelu(y) + F.silu(y) * F.hardsigmoid(y)
        return F.softmax(s.fc(torch.flatten(F.adaptive_avg_pool2d(y, 1), 1)), 1)

class Flat(nn.Module):
    def __init__(s): super().__init__(); s.conv, s.fc1, s.fc2 = nn.Conv2d(3, 4, 3, 2), nn.Linear(4 * 4 * 3, 6), nn.Linear(6, 3); s.norm = nn.BatchNorm1d(6)
    def forward(s, x): return s.fc2(F.relu(s.norm(s.fc1(F.relu(s.conv(x)).view(1, -1)))))

class Resample(nn.Module):
    def forward(s, x):
        up = F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=True) + F.interpolate(x, scale_factor=2, mode="bicubic", align_corners=False)
        return F.interpolate(up, scale_factor=0.5, mode="nearest") + F.interpolate(up, scale_factor=0.5, mode="bilinear", align_corners=False)

class Shuffled(nn.Module):
    def forward(s, x):
        y = x.view(1, 2, 4, *x.shape[2:]).transpose(1, 2).reshape(x.shape); a, b = torch.chunk(y, 2, 1)
        moved = F.pad(a, [1, 1, 1, 1])[:, :, 2:2 + x.shape[2], 0:x.shape[3]]
        return F.pixel_shuffle(torch.cat([moved, b], 1), 2)


def export(name, make, shape, opset, free=False):
    for seed in range(1000):  # until signs are far from 0
        torch.manual_seed(seed); margin[0] = 1.0; net, x = make().eval(), torch.randn(shape)
        for k, b in net.named_buffers():
            if k.endswith("running_var"): b.uniform_(0.5, 1.5)
            if k.endswith("running_mean"): b.normal_()
        with torch.no_grad(): y = net(x)
        if margin[0] > 1e-3: break
    options = dict(opset_version=opset, input_names=["input"], output_names=["output"])
    torch.onnx.export(net, x, os.path.join(FOLDER, name + ".onnx"), **options)
    if free: torch.onnx.export(net, x, os.path.join(FOLDER, name + "_free.onnx"), dynamic_axes={"input": {2: "height", 3: "width"}}, **options)
    write_safetensors(os.path.join(FOLDER, name + ".safetensors"), {"input": x, "output": y})
    print(f"{name}: seed {seed}, output {tuple(y.shape)}, margin {margin[0]:.1e}")


export("spectral", Spectral, (1, 4, 11, 14), 13, free=True)
export("spectral_16", Spectral, (1, 4, 16, 8), 16)
export("mobile_11", Mobile, (1, 3, 17, 12), 11)
export("mobile_14", Mobile, (1, 3, 17, 12), 14, free=True)
export("flat", Flat, (1, 3, 9, 7), 13)
export("resample_11", Resample, (1, 2, 6, 5), 11)
export("resample_13", Resample, (1, 2, 6, 5), 13, free=True)
export("shuffled", Shuffled, (1, 8, 5, 6), 13, free=True)
