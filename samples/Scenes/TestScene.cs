namespace Bitloom.Scenes;

/// <summary>
/// What restoration networks are told apart by: text in several sizes, a star of sharp edges at many angles, a zone plate whose
/// rings get ever finer, smooth gradients (where banding shows), lines of falling width, circles, a woven texture.
/// </summary>
/// <remarks>
/// Six panels, three a row. Each has coordinates u, v in -1..1 along its shorter side, so that circles stay round.
/// </remarks>
internal sealed class TestScene : IScene
{
    private static readonly Colour Paper = new(0.95, 0.93, 0.88), Ink = new(0.10, 0.12, 0.20), Brick = new(0.78, 0.25, 0.16);
    private static readonly Colour Leaf = new(0.16, 0.50, 0.30), Sky = new(0.30, 0.55, 0.85), Sand = new(0.90, 0.75, 0.40);

    /// <inheritdoc/>
    public Colour At(double x, double y, double aspect)
    {
        double panelWidth = aspect / 3, panelHeight = 0.5, half = Math.Min(panelWidth, panelHeight) / 2;
        int column = Math.Min((int)(x / panelWidth), 2), row = y < 0.5 ? 0 : 1;
        double u = (x - ((column + 0.5) * panelWidth)) / half, v = (y - ((row + 0.5) * panelHeight)) / half;
        return ((row * 3) + column) switch
        {
            0 => Text(u, v),
            1 => Star(u, v),
            2 => ZonePlate(u, v),
            3 => Circles(u, v),
            4 => Lines(u, v),
            _ => Weave(u, v),
        };
    }

    // Lines of text, each smaller than the one above it.
    private static Colour Text(double u, double v)
    {
        (string Text, double Top, double Dot, Colour Ink)[] lines =
        [
            ("BITLOOM", -0.90, 0.043, Ink), ("1-BIT + SHIFT", -0.48, 0.0235, Brick), ("Sharp edges, 0123456789", -0.20, 0.0135, Ink),
            ("networks woven into plain C sharp", 0.0, 0.0095, Leaf), ("the quick brown fox jumps over", 0.16, 0.0095, Ink),
        ];
        foreach ((string text, double top, double dot, Colour ink) in lines)
        {
            int column = (int)Math.Floor((u + 0.92) / dot), line = (int)Math.Floor((v - top) / dot);
            if (DotFont.IsSet(text, column, line)) return ink;
        }

        // Below the text a gradient in two colours, between rules.
        if (v is > 0.36 and < 0.92 && Math.Abs(u) < 0.92) return Sky.Mix(Sand, (u + 0.92) / 1.84).Mix(Paper, (v - 0.36) / 0.56);
        return Paper;
    }

    // 48 sectors: an edge every 7.5 degrees.
    private static Colour Star(double u, double v)
    {
        double radius = Math.Sqrt((u * u) + (v * v)), turn = (Math.Atan2(v, u) / (2 * Math.PI)) + 0.5;
        if (radius > 0.92) return Colour.Grey(0.55).Mix(Paper, (v + 1) / 2);
        return (int)Math.Floor((turn * 48) + 0.3) % 2 == 0 ? Ink : Sand;
    }

    // cos(k r^2): frequency grows with the distance from the centre.
    private static Colour ZonePlate(double u, double v)
    {
        double wave = 0.5 + (0.5 * Math.Cos(45 * ((u * u) + (v * v))));
        return Ink.Mix(Paper, wave);
    }

    // Overlapping discs and rings before a sky.
    private static Colour Circles(double u, double v)
    {
        (double U, double V, double Radius, double Hole, Colour Colour)[] discs =
        [
            (0.35, 0.25, 0.45, 0.36, Ink), (-0.40, -0.35, 0.42, 0, Brick), (-0.25, 0.40, 0.38, 0, Leaf), (0.45, -0.45, 0.30, 0, Sand), (0.35, 0.25, 0.22, 0.20, Ink),
            (0.35, 0.25, 0.10, 0, Brick),
        ];
        foreach ((double centreU, double centreV, double outer, double hole, Colour colour) in discs)
        {
            double distance = Math.Sqrt(((u - centreU) * (u - centreU)) + ((v - centreV) * (v - centreV)));
            if (distance < outer && distance >= hole) return colour.Mix(Paper, 0.35 * Math.Max(0, 0.5 - (distance / outer) + ((centreV - v) / outer)));
        }

        return Sky.Mix(Paper, (v + 1) / 2);
    }

    // Fans of lines that meet in a corner, over lines that get thinner to the right.
    private static Colour Lines(double u, double v)
    {
        if (v < 0.05)
        {
            double angle = Math.Atan2(0.05 - v, u + 1.1), distance = Math.Sqrt(((u + 1.1) * (u + 1.1)) + ((v - 0.05) * (v - 0.05)));
            double offset = Math.Abs((angle * 14) - Math.Round(angle * 14)) / 14 * distance;
            return offset < 0.012 ? Ink : Paper;
        }

        double position = u + 1, period = 0.26 - (0.105 * position), phase = Math.Log(0.26 / Math.Max(period, 0.03)) / 0.105;
        bool isLine = phase - Math.Floor(phase) < 0.5;
        return isLine ? Brick.Mix(Ink, (v + 1) / 2) : Paper;
    }

    // Threads over and under, lit from above: a texture with detail in all directions.
    private static Colour Weave(double u, double v)
    {
        const double Thread = 0.17;
        double a = (u + (0.35 * v)) / Thread, b = (v - (0.35 * u)) / Thread;
        bool isOver = (((int)Math.Floor(a) + (int)Math.Floor(b)) & 1) == 0;
        double across = isOver ? b - Math.Floor(b) : a - Math.Floor(a), along = isOver ? a - Math.Floor(a) : b - Math.Floor(b);
        double round = Math.Sqrt(Math.Max(0, 1 - (4 * (across - 0.5) * (across - 0.5)))), fibre = 0.5 + (0.5 * Math.Cos(2 * Math.PI * ((4 * across) + along)));
        Colour yarn = isOver ? Brick.Mix(Sand, 0.35) : Sky.Mix(Ink, 0.25);
        return yarn.Mix(Ink, 0.75 * (1 - round)).Mix(Paper, 0.18 * fibre * round);
    }
}
