namespace Bitloom.Runtime.Kernels;

/// <summary>A row of an image to which rows and columns were added.</summary>
internal static unsafe class PaddedRow
{
    /// <summary>Writes the row.</summary>
    /// <param name="channel">The image's first row.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="pitch">From one row to the next.</param>
    /// <param name="row">The row, counted from the image's first; may lie above or below it, by less than its height where it is reflected.</param>
    /// <param name="left">Columns added left.</param>
    /// <param name="reflects">True for the image reflected at its edge pixel, false for zeros.</param>
    /// <param name="target">The row with all its columns.</param>
    internal static void Fill(float* channel, int height, int width, int pitch, int row, int left, bool reflects, Span<float> target)
    {
        if (reflects) row = Reflect(row, height);
        if (row < 0 || row >= height)
        {
            target.Clear();
            return;
        }

        var source = new ReadOnlySpan<float>(channel + ((long)row * pitch), width);
        source.CopyTo(target[left..]);
        for (int x = 0; x < left; x++) target[x] = reflects ? source[left - x] : 0;
        for (int x = left + width; x < target.Length; x++) target[x] = reflects ? source[Reflect(x - left, width)] : 0;
    }

    private static int Reflect(int position, int size) => position < 0 ? -position : position >= size ? (2 * (size - 1)) - position : position;
}
