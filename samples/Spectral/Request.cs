using Bitloom.Spectral.Files;
using Bitloom.Spectral.Sensing;

namespace Spectral;

/// <summary>What the command line asks for.</summary>
internal sealed record Request
{
    internal const string Help = """
        spectral CUBE --mask MASK -o OUT [options]
            Simulates the snapshot that a CASSI camera takes of a hyperspectral cube, reconstructs the cube from it with the binarized
            network BiSRNet, and compares: PSNR and SSIM, means over the bands, values 0 to 1.
        spectral --measurement SNAPSHOT --mask MASK -o OUT [--truth CUBE] [options]
            Reconstructs the cube of a snapshot: height x (width + 54) values, band c of 28 shifted right by 2 c pixels.

            CUBE                      .npy, .mat (version 5), .safetensors or .hdr (ENVI); 28 bands, or others that are interpolated to
                                      the network's 28 bands of 453.5 to 648 nm: 31 bands (taken as 400 to 700 nm), or known wavelengths
            -o OUT                    the same formats, fp32; .npy and .safetensors with bands first, .mat with bands last
            --mask FILE               the coded aperture, height x width; a larger one is cut at its right and bottom

            --scale max|NUMBER        what becomes 1 in CUBE or SNAPSHOT: the greatest value, or this one (default: the greatest of an integer type,
                                      e.g. 65535; floating-point values stay as they are)
            --band-axis first|last    which dimension counts the bands (default: the one of 28 or 31, else the smaller one)
            --wavelengths FIRST:LAST  centres of the first and last band in nm, the others evenly between
            --variable NAME           the array's name in a .mat or .safetensors file (default: the only one that fits)
            --mask-variable NAME      the same for the mask
            --crop                    takes the middle of a cube that is larger than the mask

            --shot PHOTONS            adds shot noise to the simulated snapshot, with so many photons for a value of 1
            --gaussian SIGMA          adds Gaussian noise of this standard deviation
            --seed N                  another number, another noise (default: 0)

            --png DIR                 writes each band as DIR/band-NN-WAVELENGTH.png, grey
            --tint                    those and the sheet in the colours of their light
            --sheet FILE.png          writes all bands on one picture
            --rgb FILE.png            writes the cube's colours (CIE 1931, white D65, sRGB)
            --exposure FACTOR         makes those colours brighter (default: 1)
            --bands                   prints PSNR and SSIM of each band
            --network NAME            bisrnet, with the weights that its authors released (default), or bisrnet-s, trained by Bitloom on two scenes
            --threads N               threads that share the work (default: one for each processor)
            --help                    prints this text

            Exit code: 0 done, 1 the machine failed (disk, memory), 2 bad input, 130 interrupted. A file appears complete or not at all.
        """;

    /// <summary>The scene to simulate; null where a measurement is given.</summary>
    internal string? Cube { get; init; }

    /// <summary>The snapshot to reconstruct; null where a scene is given.</summary>
    internal string? Measurement { get; init; }

    /// <summary>What the result is compared with; only beside a measurement.</summary>
    internal string? Truth { get; init; }

    internal required string Mask { get; init; }

    internal required string Output { get; init; }

    /// <summary>What becomes 1 in cubes and measurements.</summary>
    internal ValueScale Scale { get; init; } = ValueScale.ByType;

    internal BandAxis BandAxis { get; init; }

    /// <summary>Centres of the first and last band in nm; null where not given.</summary>
    internal (double First, double Last)? Wavelengths { get; init; }

    internal string? Variable { get; init; }

    internal string? MaskVariable { get; init; }

    internal bool Crops { get; init; }

    /// <summary>Noise of the simulated snapshot; none where both of its strengths are 0.</summary>
    internal SensorNoise Noise { get; init; } = new(0, 0, 0);

    /// <summary>Folder for pictures of bands.</summary>
    internal string? BandFolder { get; init; }

    internal bool IsTinted { get; init; }

    internal string? Sheet { get; init; }

    internal string? Colours { get; init; }

    internal double Exposure { get; init; } = 1;

    internal bool PrintsBands { get; init; }

    /// <summary>The network's name; null for the usual one.</summary>
    internal string? Network { get; init; }

    internal int Threads { get; init; }

    /// <summary>Every file that is written besides pictures of bands.</summary>
    internal IEnumerable<string> Outputs => new[] { Output, Sheet, Colours }.OfType<string>();

    /// <summary>Every file that is read.</summary>
    internal IEnumerable<string> Inputs => new[] { Cube, Measurement, Truth, Mask }.OfType<string>();
}
