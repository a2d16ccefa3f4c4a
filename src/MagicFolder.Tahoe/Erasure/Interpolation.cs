namespace MagicFolder.Tahoe.Erasure;

/// <summary>
/// The matrices of the code. The k pieces of a segment are, at each byte position, the values at k points of a polynomial of degree below k, and block i is its value at
/// point i (tahoe-immutable, section 4.2: multiplying with the Vandermonde matrix evaluates the polynomial, with its inverse finds it). So whatever blocks are known,
/// the others follow by Lagrange's formula, without inverting a matrix.
/// </summary>
internal static class Interpolation
{
    /// <summary>Points 0 and the powers of the generator.</summary>
    internal const int MaxPoints = GaloisField.GroupOrder + 1;

    /// <summary>
    /// Row t tells how block <paramref name="wanted"/>[t] is made of the known ones: the factor of block <paramref name="known"/>[j] is in column j. Row-major. No factor is zero.
    /// </summary>
    /// <param name="known">k different numbers of blocks.</param>
    /// <param name="wanted">Numbers that are not among the known ones.</param>
    internal static byte[] Matrix(ReadOnlySpan<int> known, ReadOnlySpan<int> wanted)
    {
        var k = known.Length;
        Span<int> weights = stackalloc int[k];
        for (var j = 0; j < k; j++)
        {
            weights[j] = LogarithmOfProduct(known, j, PointOf(known[j]));
        }

        var matrix = new byte[wanted.Length * k];
        for (var t = 0; t < wanted.Length; t++)
        {
            var point = PointOf(wanted[t]);
            var product = LogarithmOfProduct(known, -1, point);
            for (var j = 0; j < k; j++)
            {
                var divisor = weights[j] + GaloisField.Logarithm(point ^ PointOf(known[j]));
                matrix[(t * k) + j] = GaloisField.Power((product + (2 * GaloisField.GroupOrder) - divisor) % GaloisField.GroupOrder);
            }
        }

        return matrix;
    }

    private static int PointOf(int number) => number == 0 ? 0 : GaloisField.Power(number - 1);

    /// <summary>Of the distances from a point to all known points but one.</summary>
    private static int LogarithmOfProduct(ReadOnlySpan<int> known, int except, int point)
    {
        var sum = 0;
        for (var j = 0; j < known.Length; j++)
        {
            sum += j == except ? 0 : GaloisField.Logarithm(point ^ PointOf(known[j]));
        }

        return sum % GaloisField.GroupOrder;
    }
}
