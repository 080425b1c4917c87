using Bitloom.Arrays;
using Samples;

namespace Spectral;

/// <summary>What becomes 1 in a cube or a measurement.</summary>
/// <param name="Number">This value; 0 for the greatest one, null for what the type of the file's values says.</param>
internal sealed record ValueScale(double? Number)
{
    // Reconstructed cubes pass 1 a little; above this, values are in another unit.
    private const float PlausibleMaximum = 2;

    internal static ValueScale ByType { get; } = new((double?)null);

    internal static ValueScale ByMaximum { get; } = new(0);

    /// <summary>Scales a cube in place.</summary>
    /// <returns>What was done, in words.</returns>
    /// <exception cref="BadInputException">Its type does not tell, or there is no light at all; with the path and the remedy.</exception>
    internal string ScaleCube(float[] values, ElementType type, string path)
    {
        float greatest = values.Max();
        if (greatest <= 0) throw new BadInputException($"{path}: no value is above 0; give a cube with light in it");
        if (Number is null && type.IsFloatingPoint)
            return greatest <= PlausibleMaximum ? $"{type.Name} as it is" : throw new BadInputException(Invariant($"{path}: values reach {greatest}, so 1 is not full brightness; say what is with --scale max or --scale NUMBER"));
        double divisor = Number switch { null => type.FullScale, 0 => greatest, { } given => given };
        return Divide(values, divisor, type);
    }

    /// <summary>Scales a measurement, a sum over bands, in place. Its greatest value does not tell what 1 is.</summary>
    /// <exception cref="BadInputException">Nothing tells what 1 is; with the path and the remedy.</exception>
    internal string ScaleMeasurement(float[] values, ElementType type, string path)
    {
        if (Number == 0) throw new BadInputException($"{path}: the greatest value of a measurement does not tell what 1 is; give a number with --scale");
        if (Number is { } given) return Divide(values, given, type);
        return type.IsFloatingPoint ? $"{type.Name} as it is" : throw new BadInputException($"{path}: it holds whole numbers; say with --scale NUMBER which one a band of full brightness adds");
    }

    /// <summary>Scales a mask in place: transmissions of 0 to 1 stay, others are divided by their greatest.</summary>
    /// <exception cref="BadInputException">It is negative or dark; with the path and the remedy.</exception>
    internal static string ScaleMask(float[] values, ElementType type, string path)
    {
        float greatest = values.Max();
        if (greatest <= 0 || values.Min() < 0) throw new BadInputException($"{path}: a mask holds transmissions of 0 to 1, with light somewhere; give another file");
        return greatest <= 1 ? $"{type.Name} as it is" : Divide(values, greatest, type);
    }

    private static string Divide(float[] values, double divisor, ElementType type)
    {
        for (int i = 0; i < values.Length; i++) values[i] = (float)(values[i] / divisor);
        return Invariant($"{type.Name} divided by {divisor}");
    }
}
