using System.Globalization;

namespace Bitloom.Tool;

/// <summary>A height and a width in pixels, written <c>HxW</c>.</summary>
/// <param name="Height">Rows, 1 to 65535.</param>
/// <param name="Width">Pixels a row, 1 to 65535.</param>
internal readonly record struct ImageSize(int Height, int Width)
{
    private const int Largest = 65535;

    /// <summary>Reads <c>270x480</c>.</summary>
    /// <exception cref="BadInputException">The text is not two whole numbers in range.</exception>
    internal static ImageSize Parse(string text, string place = "--size")
    {
        string[] parts = text.Split('x', 'X');
        if (parts.Length != 2 || !IsNumber(parts[0]) || !IsNumber(parts[1]))
            throw new BadInputException(place, $"'{text}' is not a size", "write height x width, e.g. 270x480");
        if (!TryExtent(parts[0], out int height) || !TryExtent(parts[1], out int width))
            throw new BadInputException(place, $"'{text}' is out of range", $"height and width lie between 1 and {Largest}");
        return new ImageSize(height, width);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Height}x{Width}");

    private static bool IsNumber(string text) => text.Length > 0 && text.All(c => char.IsAsciiDigit(c) || c == '-');

    private static bool TryExtent(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value is >= 1 and <= Largest;
}
