namespace Bitloom.Spectral.Rendering;

/// <summary>
/// The CIE 1931 2-degree colour matching functions, as the sums of asymmetric Gaussian lobes that Wyman, Sloan and Shirley fitted to
/// them ("Simple Analytic Approximations to the CIE XYZ Color Matching Functions", JCGT 2(2), 2013, section 2.2, multi-lobe fit).
/// </summary>
public static class ColourMatching
{
    /// <summary>x, y and z at a wavelength in nm.</summary>
    public static (double X, double Y, double Z) At(double wavelength) =>
    (
        Lobe(wavelength, 1.056, 599.8, 37.9, 31.0) + Lobe(wavelength, 0.362, 442.0, 16.0, 26.7) + Lobe(wavelength, -0.065, 501.1, 20.4, 26.2),
        Lobe(wavelength, 0.821, 568.8, 46.9, 40.5) + Lobe(wavelength, 0.286, 530.9, 16.3, 31.1),
        Lobe(wavelength, 1.217, 437.0, 11.8, 36.0) + Lobe(wavelength, 0.681, 459.0, 26.0, 13.8)
    );

    private static double Lobe(double wavelength, double height, double centre, double widthBelow, double widthAbove)
    {
        double distance = (wavelength - centre) / (wavelength < centre ? widthBelow : widthAbove);
        return height * Math.Exp(-0.5 * distance * distance);
    }
}
