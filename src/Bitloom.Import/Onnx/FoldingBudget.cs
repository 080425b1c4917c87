
namespace Bitloom.Import.Onnx;

/// <summary>
/// Bounds what computing constants may cost, so that a small file cannot claim much memory or time: what is read and made by folding is
/// at most 256 MiB and 64 times what the file holds. Binarized weights are read and made about twenty times.
/// </summary>
internal sealed class FoldingBudget
{
    private const long Least = 256L << 20;

    private const int TimesOfFile = 64;

    // A size is an object; a real number is itself.
    private const int BytesOfSize = 32;

    private long _left;

    internal FoldingBudget(IEnumerable<OnnxValue> given) => _left = Least + (TimesOfFile * given.Sum(Bytes));

    /// <summary>Pays for one node.</summary>
    /// <exception cref="ImportException">It is one too many.</exception>
    internal void Charge(OnnxNode node, IEnumerable<OnnxValue?> values)
    {
        _left -= values.Sum(Bytes);
        if (_left < 0) throw node.Refuse("computing the constants up to here takes too much memory", "export the model with its constants folded");
    }

    private static long Bytes(OnnxValue? value) => value switch
    {
        FloatValue real => (long)real.Grid.Items.Length * sizeof(float),
        IntegerValue whole => (long)whole.Grid.Items.Length * BytesOfSize,
        _ => 0,
    };
}
