using Bitloom.Runtime.Images;

namespace Bitloom.Training.Data;

/// <summary>A picture and the number of its class.</summary>
/// <param name="Image">The picture.</param>
/// <param name="Class">0 to one below the number of classes.</param>
/// <param name="Name">Its file, or file and record.</param>
public sealed record LabelledImage(Image Image, int Class, string Name);

/// <summary>
/// A set of pictures with classes: a folder with one sub-folder for each class, whose names in order number the classes, or a
/// folder of CIFAR's binary files.
/// </summary>
/// <param name="Classes">Names of the classes; numbers where the files have no names.</param>
/// <param name="Images">All pictures.</param>
public sealed record ClassificationFolder(IReadOnlyList<string> Classes, IReadOnlyList<LabelledImage> Images)
{
    // CIFAR's pictures: red, green and blue planes of 32 x 32.
    private const int CifarSide = 32, CifarPixels = CifarSide * CifarSide;

    /// <summary>Loads a set.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="shortSide">Pictures are resized to this short side; 0 to keep them.</param>
    /// <param name="isTraining">Of CIFAR's files, <c>data_batch*</c> or <c>train*</c>; else <c>test*</c>.</param>
    /// <param name="cancellation">Looked at before each picture.</param>
    /// <exception cref="TrainingException">There is no such set, or a file of it cannot be read.</exception>
    public static ClassificationFolder Load(string folder, int shortSide, bool isTraining, CancellationToken cancellation)
    {
        if (!Directory.Exists(folder)) throw new TrainingException($"{folder}: there is no such folder; check the recipe's data and --data");
        string[] binaries = [.. Directory.GetFiles(folder, "*.bin").Where(f => Path.GetFileName(f).StartsWith("test", StringComparison.Ordinal) != isTraining && IsCifar(f)).Order(StringComparer.Ordinal)];
        if (binaries.Length > 0) return LoadCifar(binaries, shortSide);

        string[] classes = [.. Directory.GetDirectories(folder).Order(StringComparer.Ordinal)];
        if (classes.Length < 2) throw new TrainingException($"{folder}: it has {classes.Length} sub-folders; a set needs one for each class, or CIFAR's .bin files");
        var images = new List<LabelledImage>();
        for (int index = 0; index < classes.Length; index++)
            foreach (string path in ImageFolder.Find(classes[index]))
            {
                cancellation.ThrowIfCancellationRequested();
                images.Add(new LabelledImage(WithShortSide(ImageFolder.LoadImage(path).WithChannels(3), shortSide), index, path));
            }

        return new ClassificationFolder([.. classes.Select(c => Path.GetFileName(c))], images);
    }

    /// <summary>A picture resized so that its shorter side is this; the same picture for 0.</summary>
    public static Image WithShortSide(Image image, int side)
    {
        int shorter = Math.Min(image.Width, image.Height);
        if (side == 0 || shorter == side) return image;
        return Bicubic.Resize(image, Math.Max(side, (int)Math.Round((double)image.Width * side / shorter)), Math.Max(side, (int)Math.Round((double)image.Height * side / shorter)));
    }

    private static bool IsCifar(string path) => Path.GetFileName(path) is var name
        && (name.StartsWith("data_batch", StringComparison.Ordinal) || name.StartsWith("train", StringComparison.Ordinal) || name.StartsWith("test", StringComparison.Ordinal));

    // CIFAR-10 has a byte of class before the pixels, CIFAR-100 one of the coarse class and one of the fine.
    private static ClassificationFolder LoadCifar(string[] paths, int shortSide)
    {
        var images = new List<LabelledImage>();
        foreach (string path in paths)
        {
            byte[] data = File.ReadAllBytes(path);
            int labels = data.Length % ((3 * CifarPixels) + 1) == 0 ? 1 : 2, record = (3 * CifarPixels) + labels;
            if (data.Length == 0 || data.Length % record != 0) throw new TrainingException(Invariant($"{path}: {data.Length} bytes are no whole number of CIFAR's records; copy the file again"));
            for (int start = 0; start < data.Length; start += record)
            {
                var image = new Image(CifarSide, CifarSide, 3);
                for (int i = 0; i < 3 * CifarPixels; i++) image.Pixels[(i % CifarPixels * 3) + (i / CifarPixels)] = data[start + labels + i];
                images.Add(new LabelledImage(WithShortSide(image, shortSide), data[start + labels - 1], Invariant($"{path}:{start / record}")));
            }
        }

        return new ClassificationFolder([.. Enumerable.Range(0, images.Max(i => i.Class) + 1).Select(i => Invariant($"{i}"))], images);
    }
}
