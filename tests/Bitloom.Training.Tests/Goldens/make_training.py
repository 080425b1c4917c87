#!/usr/bin/python3
"""What PyTorch (1.13) makes of three steps of Adam on a tiny BBCU: 8 channels, 2 units, x2, surrogate Quad, loss L1.

    make_training.py bbcu-training.safetensors

Writes input:*, target:*, loss:*, begin:* (the checkpoint before) and end:* (after), all F32.
"""
import json, struct, sys
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F


class Bias(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(1, c, 1, 1))

    def forward(self, x):
        return x + self.bias


class RPReLU(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.pr_bias0, self.pr_prelu, self.pr_bias1 = Bias(c), nn.PReLU(c), Bias(c)

    def forward(self, x):
        return self.pr_bias1(self.pr_prelu(self.pr_bias0(x)))


def quad_sign(x):
    soft = torch.where(x < -1, -torch.ones_like(x), torch.where(x < 0, x * x + 2 * x, torch.where(x < 1, 2 * x - x * x, torch.ones_like(x))))
    return torch.sign(x).detach() - soft.detach() + soft


class BinaryConv(nn.Conv2d):
    def forward(self, x):
        w = self.weight
        scale = w.abs().mean((1, 2, 3), keepdim=True).detach()
        clipped = torch.clamp(w, -1.0, 1.0)
        return F.conv2d(x, (scale * torch.sign(w)).detach() - clipped.detach() + clipped, None, 1, 1)


class Unit(nn.Module):
    def __init__(self, c, co):
        super().__init__()
        self.move0, self.binary_conv, self.relu = Bias(c), BinaryConv(c, co, 3, bias=False), RPReLU(co)

    def branch(self, x):
        return self.relu(self.binary_conv(quad_sign(self.move0(x))))

    def forward(self, x):
        return self.branch(x) + x


class UpUnit(Unit):
    def forward(self, x):
        return F.pixel_shuffle(self.branch(x), 2) + F.interpolate(x, scale_factor=2, mode="nearest")


class Bbcu(nn.Module):
    def __init__(self, n=8, units=2, k=130.0):
        super().__init__()
        self.k = k
        self.conv_first, self.body = nn.Conv2d(3, n, 3, 1, 1), nn.Sequential(*[Unit(n, n) for _ in range(units)])
        self.ups, self.conv_hr, self.conv_last = nn.ModuleList([UpUnit(n, 4 * n)]), Unit(n, n), nn.Conv2d(n, 3, 3, 1, 1)

    def forward(self, x):
        x = x * self.k
        y = self.ups[0](self.body(F.leaky_relu(self.conv_first(x), 0.1)))
        y = self.conv_last(F.leaky_relu(self.conv_hr(y), 0.1))
        return (y + F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)) / self.k


def write(path, tensors):
    header, blobs, at = {}, [], 0
    for name, value in tensors.items():
        value = np.ascontiguousarray(value.detach().numpy()).astype("<f4")
        header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [at, at + value.nbytes]}
        at += value.nbytes
        blobs.append(value.tobytes())
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))


torch.manual_seed(5)
net = Bbcu()
for name, p in net.named_parameters():
    if "bias" in name:
        p.data += torch.randn_like(p) * 0.3
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
out = {"begin:" + k: v.clone() for k, v in net.state_dict().items()}
for step in range(3):
    x, target = torch.rand(2, 3, 8, 12), torch.rand(2, 3, 16, 24)
    optimizer.zero_grad()
    loss = F.l1_loss(net(x), target)
    loss.backward()
    if step == 0:
        out.update({"gradient:" + k: p.grad.clone() for k, p in net.named_parameters()})
    optimizer.step()
    out.update({f"input:{step}": x, f"target:{step}": target, f"loss:{step}": loss.reshape(1)})
out.update({"end:" + k: v for k, v in net.state_dict().items()})
write(sys.argv[1], out)
