"""Makes the files beside it: small arrays in the formats that Bitloom.Arrays and Bitloom.Spectral read.

NumPy writes the .npy files. MAT-files are put together here from the format's description, byte by byte, and ENVI files likewise, so
that no code is shared with what is tested. The sensing files come from NumPy's own arithmetic in double precision.

    python3 make_goldens.py
"""
import pathlib
import struct
import zlib

import numpy as np

HERE = pathlib.Path(__file__).parent
SHAPE = (3, 4, 5)
RAMP = np.arange(60).reshape(SHAPE)  # value i at position i, row-major


def save_npy(name, array, version):
    with open(HERE / f"{name}.npy", "wb") as file:
        np.lib.format.write_array(file, array, version=version)


def element(order, kind, data, pads=True, shorts=False):
    """A data element; with shorts, at most 4 bytes of data share 8 bytes with the tag."""
    if shorts and 0 < len(data) <= 4:
        return struct.pack(order + "I", (len(data) << 16) | kind) + data.ljust(4, b"\0")
    padding = -len(data) % 8 if pads else 0
    return struct.pack(order + "II", kind, len(data)) + data + b"\0" * padding


def matrix(order, name, array, array_class, data_kind, data_type, flags=0, shorts=False):
    dims = struct.pack(order + "i" * array.ndim, *array.shape)
    data = array.astype(np.dtype(data_type).newbyteorder(order)).tobytes(order="F")
    body = element(order, 6, struct.pack(order + "II", (flags << 8) | array_class, 0))
    body += element(order, 5, dims) + element(order, 1, name.encode(), shorts=shorts) + element(order, data_kind, data, shorts=shorts)
    return element(order, 14, body, pads=False)


def mat_file(name, order, elements, compresses):
    header = b"MATLAB 5.0 MAT-file, made for tests".ljust(116) + b"\0" * 8 + struct.pack(order + "HH", 0x0100, 0x4D49)
    with open(HERE / f"{name}.mat", "wb") as file:
        file.write(header)
        for item in elements:
            file.write(element(order, 15, zlib.compress(item), pads=False) if compresses else item)


def envi(name, order, byte_order, data_type, dtype, offset):
    axes = {"bsq": (0, 1, 2), "bil": (1, 0, 2), "bip": (1, 2, 0)}[order]
    data = RAMP.transpose(axes).astype(np.dtype(dtype).newbyteorder("<>"[byte_order]))
    (HERE / f"{name}.raw").write_bytes(b"\xAA" * offset + data.tobytes())
    (HERE / f"{name}.hdr").write_text(
        f"ENVI\ndescription = {{\n  a ramp = of numbers }}\nsamples = 5\nlines   = 4\nbands   = 3\nheader offset = {offset}\n"
        f"data type = {data_type}\ninterleave = {order.upper()}\nbyte order = {byte_order}\n; a comment\n"
        "Wavelength Units = Micrometers\nwavelength = {\n 0.45, 0.55,\n 0.65 }\n")


def ssim(first, second):
    """SSIM of values 0 to 1 with the window as one two-dimensional sum, straight from Wang et al. 2004."""
    axis = np.arange(11) - 5
    window = np.exp(-(axis[:, None] ** 2 + axis[None, :] ** 2) / (2 * 1.5 ** 2))
    window /= window.sum()
    height, width = first.shape
    total = []
    for y in range(height - 10):
        for x in range(width - 10):
            a, b = first[y:y + 11, x:x + 11], second[y:y + 11, x:x + 11]
            mean_a, mean_b = (window * a).sum(), (window * b).sum()
            variance_a, variance_b = (window * (a - mean_a) ** 2).sum(), (window * (b - mean_b) ** 2).sum()
            covariance = (window * (a - mean_a) * (b - mean_b)).sum()
            total.append((2 * mean_a * mean_b + 1e-4) * (2 * covariance + 9e-4)
                         / ((mean_a ** 2 + mean_b ** 2 + 1e-4) * (variance_a + variance_b + 9e-4)))
    return np.mean(total)


def main():
    save_npy("f4", RAMP.astype("<f4"), (1, 0))
    save_npy("f8_big_fortran", np.asfortranarray(RAMP.astype(">f8")), (2, 0))
    save_npy("u2_fortran", np.asfortranarray(RAMP.astype("<u2")), (3, 0))
    save_npy("i2_big", RAMP.astype(">i2"), (1, 0))
    save_npy("u1", RAMP.astype("u1"), (1, 0))
    save_npy("i4_plane", np.arange(20).reshape(4, 5).astype("<i4"), (1, 0))
    save_npy("complex", RAMP.astype("c8"), (1, 0))

    ramp, mask = matrix("<", "cube", RAMP, 6, 9, "f8"), matrix("<", "m", np.array([[1, 0]]), 9, 2, "u1", flags=2, shorts=True)
    text = element("<", 14, element("<", 6, struct.pack("<II", 4, 0)) + element("<", 5, struct.pack("<ii", 1, 2)) + element("<", 1, b"note") + element("<", 4, b"h\0i\0"), pads=False)
    mat_file("plain", "<", [text, ramp, mask], compresses=False)
    mat_file("compressed", "<", [text, ramp, mask], compresses=True)
    mat_file("big", ">", [matrix(">", "cube", RAMP, 7, 7, "f4"), matrix(">", "m", np.array([[1, 0]]), 11, 4, "u2", shorts=True)], compresses=False)
    mat_file("narrow", "<", [matrix("<", "cube", RAMP, 6, 2, "u1")], compresses=True)  # doubles stored as bytes
    mat_file("complex", "<", [matrix("<", "cube", RAMP, 6, 9, "f8", flags=8)], compresses=False)
    mat_file("two_cubes", "<", [matrix("<", "first", RAMP, 11, 4, "u2"), matrix("<", "second", RAMP + 1, 11, 4, "u2")], compresses=True)

    envi("bsq_f4", "bsq", 0, 4, "f4", 0)
    envi("bil_u2_big", "bil", 1, 12, "u2", 7)
    envi("bip_f8", "bip", 0, 5, "f8", 128)
    envi("bip_i2_big", "bip", 1, 2, "i2", 0)

    random = np.random.default_rng(7)
    cube, mask = random.random((28, 12, 14)).astype("f4"), random.random((12, 14)).astype("f4")
    sheared = np.zeros((28, 12, 14 + 54))
    for band in range(28):
        sheared[band, :, 2 * band:2 * band + 14] = cube[band].astype("f8") * mask
    measured = sheared.sum(axis=0)
    estimate = np.stack([measured[:, 2 * band:2 * band + 14] / 28 * 2 for band in range(28)])
    save_npy("sensing_cube", cube, (1, 0))
    save_npy("sensing_mask", mask, (1, 0))
    save_npy("sensing_measurement", measured, (1, 0))
    save_npy("sensing_estimate", estimate, (1, 0))
    quality = [[10 * np.log10(1 / np.mean((e - c) ** 2)), ssim(e, c)] for e, c in zip(estimate, cube.astype("f8"))]
    save_npy("sensing_quality", np.array(quality), (1, 0))


main()
