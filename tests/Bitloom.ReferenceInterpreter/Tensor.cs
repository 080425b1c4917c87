namespace Bitloom.ReferenceInterpreter;

/// <summary>channels x height x width fp32 values, dense: channel after channel, row after row.</summary>
public sealed record Tensor
{
    /// <summary>Wraps <paramref name="values"/> without a copy.</summary>
    /// <exception cref="ArgumentException">A dimension is below 1, or the number of values is not their product.</exception>
    public Tensor(int channels, int height, int width, float[] values)
    {
        if (channels < 1 || height < 1 || width < 1)
            throw new ArgumentException($"A tensor of {channels} x {height} x {width} is empty: each dimension must be 1 or more.");
        if ((long)channels * height * width != values.Length)
            throw new ArgumentException($"{values.Length} values do not fill a tensor of {channels} x {height} x {width}, which holds {(long)channels * height * width}.", nameof(values));
        (Channels, Height, Width, Values) = (channels, height, width, values);
    }

    /// <summary>Channels.</summary>
    public int Channels { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Pixels a row.</summary>
    public int Width { get; }

    /// <summary>All values; value (c, y, x) is at <c>(c * Height + y) * Width + x</c>.</summary>
    public float[] Values { get; }

    /// <summary>Values of one channel.</summary>
    public int PlaneSize => Height * Width;

    /// <summary>One value.</summary>
    public float this[int channel, int y, int x]
    {
        get => Values[(((channel * Height) + y) * Width) + x];
        set => Values[(((channel * Height) + y) * Width) + x] = value;
    }

    /// <summary>A tensor of zeros.</summary>
    public static Tensor Zeros(int channels, int height, int width) =>
        channels < 1 || height < 1 || width < 1 ? new(channels, height, width, []) : new(channels, height, width, new float[checked(channels * height * width)]);

    /// <summary>One channel's values.</summary>
    public Span<float> Plane(int channel) => Values.AsSpan(channel * PlaneSize, PlaneSize);

    /// <summary>The tensor that holds <paramref name="function"/> of every value and its channel.</summary>
    internal Tensor Map(Func<float, int, float> function)
    {
        var result = new float[Values.Length];
        for (int i = 0; i < result.Length; i++) result[i] = function(Values[i], i / PlaneSize);
        return new Tensor(Channels, Height, Width, result);
    }

    /// <summary>The dimensions.</summary>
    public override string ToString() => $"{Channels} x {Height} x {Width}";
}
