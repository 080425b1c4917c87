using System.Globalization;

namespace Bitloom.Compiler.Tests.Descriptors;

/// <summary>Runs work in a culture that writes every number differently: decimal comma, odd signs, grouped digits.</summary>
internal static class OddCulture
{
    public static T Run<T>(Func<T> work)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        var odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        odd.NumberFormat.NumberDecimalSeparator = ",";
        odd.NumberFormat.NumberGroupSeparator = ".";
        odd.NumberFormat.NegativeSign = "minus ";
        odd.NumberFormat.PositiveSign = "plus ";
        try
        {
            CultureInfo.CurrentCulture = odd;
            return work();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
