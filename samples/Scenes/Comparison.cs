using Bitloom.Runtime.Images;

namespace Bitloom.Scenes;

/// <summary>Pastes pictures of the same content side by side on white, each under its label.</summary>
internal static class Comparison
{
    private const int Gap = 6;

    // Small crops are shown at about this height, so that single pixels can be seen.
    private const int WantedHeight = 192;

    /// <param name="pictures">Same content in sizes that divide the largest.</param>
    /// <param name="labels">Texts in the order of the pictures; may be fewer.</param>
    /// <param name="crop">A part of the largest picture; all of it where null.</param>
    internal static Image Paste(Image[] pictures, string[] labels, Rectangle? crop)
    {
        if (labels.Length > pictures.Length) throw new ArgumentException(Invariant($"{labels.Length} labels were given for {pictures.Length} pictures."));
        Image largest = pictures.MaxBy(picture => picture.Height)!;
        crop ??= new Rectangle(0, 0, largest.Width, largest.Height);
        if ((long)crop.X + crop.Width > largest.Width || (long)crop.Y + crop.Height > largest.Height)
            throw new ArgumentException(Invariant($"The crop lies outside the largest picture's {largest.Width} x {largest.Height} pixels."));
        int zoom = Math.Max(1, WantedHeight / crop.Height);
        Image[] panels = pictures.Select(picture => Zoom(Fit(picture, largest).Crop(crop.X, crop.Y, crop.Width, crop.Height), zoom)).ToArray();

        // One size of letters for all, as large as the longest label allows; only at the smallest is a label cut.
        int longest = labels.Select(label => label.Trim().Length).DefaultIfEmpty().Max();
        int lettering = Math.Clamp(panels[0].Width / Math.Max(1, longest * DotFont.Advance), 1, 3);
        int labelHeight = labels.Length == 0 ? 0 : (DotFont.Height * lettering) + Gap;
        var pasted = new Image((panels[0].Width * panels.Length) + (Gap * (panels.Length + 1)), panels[0].Height + (2 * Gap) + labelHeight, 3);
        pasted.Pixels.AsSpan().Fill(byte.MaxValue);
        for (int i = 0; i < panels.Length; i++)
        {
            int left = Gap + (i * (panels[0].Width + Gap));
            for (int y = 0; y < panels[i].Height; y++) panels[i].Row(y).CopyTo(pasted.Row(Gap + y)[(left * 3)..]);
            if (i < labels.Length) Write(pasted, labels[i].Trim(), left, (2 * Gap) + panels[i].Height, panels[i].Width, lettering);
        }

        return pasted;
    }

    private static Image Fit(Image picture, Image largest)
    {
        int scale = largest.Height / picture.Height;
        if (picture.Height * scale != largest.Height || picture.Width * scale != largest.Width)
            throw new ArgumentException(Invariant($"A picture of {picture.Width} x {picture.Height} pixels is no whole fraction of {largest.Width} x {largest.Height}; crop them to match."));
        return Zoom(picture.WithChannels(3), scale);
    }

    private static Image Zoom(Image picture, int scale)
    {
        var zoomed = new Image(checked(picture.Width * scale), checked(picture.Height * scale), 3);
        for (int y = 0; y < zoomed.Height; y++)
            for (int x = 0; x < zoomed.Width; x++) picture.Row(y / scale).Slice(x / scale * 3, 3).CopyTo(zoomed.Row(y)[(x * 3)..]);
        return zoomed;
    }

    private static void Write(Image image, string text, int left, int top, int width, int dot)
    {
        for (int y = 0; y < DotFont.Height * dot; y++)
            for (int x = 0; x < width; x++)
                if (DotFont.IsSet(text, x / dot, y / dot)) image.Row(top + y).Slice((left + x) * 3, 3).Fill(30);
    }
}
