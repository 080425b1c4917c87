namespace Bitloom.Training.Runs;

/// <summary>The files of a run.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Name">The recipe's name.</param>
public sealed record RunFolder(string Path, string Name)
{
    /// <summary>The trained network.</summary>
    public string Model => In(Name + ".bloom");

    /// <summary>Everything that is needed to go on; also a checkpoint under the parameters' names.</summary>
    public string State => In(Name + ".state.safetensors");

    /// <summary>The validations as a table.</summary>
    public string Curve => In("curve.csv");

    /// <summary>The validations as a picture.</summary>
    public string Plot => In("curve.svg");

    /// <summary>Names of the classes in the order of the network's scores, one a line; only for classification.</summary>
    public string Labels => In("labels.txt");

    /// <summary>The facts of the run.</summary>
    public string Card => In("CARD.md");

    private string In(string file) => System.IO.Path.Combine(Path, file);
}
