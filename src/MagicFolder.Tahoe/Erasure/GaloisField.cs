namespace MagicFolder.Tahoe.Erasure;

/// <summary>
/// The field GF(2^8) over the polynomial x^8+x^4+x^3+x^2+1 (0x11D) with the generator 2 (tahoe-immutable, section 4.1). Adding is exclusive or.
/// </summary>
internal static class GaloisField
{
    /// <summary>How many elements differ from zero; exponents count modulo this.</summary>
    internal const int GroupOrder = 255;

    private const int Polynomial = 0x11D;

    private static readonly byte[] Powers = new byte[2 * GroupOrder];
    private static readonly byte[] Logarithms = new byte[256];

    static GaloisField()
    {
        var value = 1;
        for (var i = 0; i < GroupOrder; i++)
        {
            Powers[i] = Powers[i + GroupOrder] = (byte)value;
            Logarithms[value] = (byte)i;
            value <<= 1;
            value = value > 255 ? value ^ Polynomial : value;
        }
    }

    /// <summary>The generator to a power from 0 to 509.</summary>
    internal static byte Power(int exponent) => Powers[exponent];

    /// <summary>The power of the generator that gives a value, which is not zero.</summary>
    internal static int Logarithm(int value) => value != 0 ? Logarithms[value] : throw new ArgumentOutOfRangeException(nameof(value), "Zero has no logarithm.");

    internal static byte Multiply(int left, int right) => left == 0 || right == 0 ? (byte)0 : Powers[Logarithms[left] + Logarithms[right]];
}
