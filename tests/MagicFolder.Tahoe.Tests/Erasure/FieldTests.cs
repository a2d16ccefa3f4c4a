using MagicFolder.Tahoe.Erasure;

namespace MagicFolder.Tahoe.Tests.Erasure;

public sealed class FieldTests
{
    [Fact]
    public void PowersOfTheGeneratorAreThoseOfTheSpecification()
    {
        Enumerable.Range(0, 16).Select(GaloisField.Power).ShouldBe(new byte[] { 1, 2, 4, 8, 16, 32, 64, 128, 29, 58, 116, 232, 205, 135, 19, 38 });
        GaloisField.Power(254).ShouldBe((byte)142);
        GaloisField.Multiply(0x53, 0xCA).ShouldBe((byte)0x8F);
        Should.Throw<ArgumentOutOfRangeException>(() => GaloisField.Logarithm(0));
    }

    [Fact]
    public void MultiplyingIsThatOfPolynomialsModuloTheFieldPolynomial()
    {
        for (var a = 0; a < 256; a++)
        {
            for (var b = 0; b < 256; b++)
            {
                GaloisField.Multiply(a, b).ShouldBe(MultiplyBitByBit(a, b));
            }
        }
    }

    [Theory]
    [InlineData(2, 3, new[] { 3, 2 })]
    [InlineData(3, 5, new[] { 15, 8, 6, 45, 48, 28 })]
    [InlineData(3, 10, new[] { 15, 8, 6, 45, 48, 28, 153, 224, 120, 11, 231, 237, 137, 59, 179, 70, 241, 182, 186, 217, 98 })]
    public void MatricesAreThoseOfTheSpecification(int k, int n, int[] expected)
    {
        var code = ErasureCode.For(k, n);
        Enumerable.Range(k, n - k).SelectMany(row => code.RowOf(row).ToArray()).Select(factor => (int)factor).ShouldBe(expected);
    }

    /// <summary>E is V · (top of V)^-1, so E · (top of V) must be V.</summary>
    [Theory]
    [InlineData(1, 256)]
    [InlineData(2, 256)]
    [InlineData(3, 10)]
    [InlineData(71, 255)]
    [InlineData(101, 256)]
    [InlineData(128, 256)]
    [InlineData(255, 256)]
    public void MatricesAreMadeOfTheVandermondeMatrix(int k, int n)
    {
        var code = ErasureCode.For(k, n);
        for (var row = k; row < n; row++)
        {
            for (var column = 0; column < k; column++)
            {
                var sum = 0;
                for (var i = 0; i < k; i++)
                {
                    sum ^= GaloisField.Multiply(code.RowOf(row)[i], Vandermonde(i, column));
                }

                sum.ShouldBe(Vandermonde(row, column));
            }
        }
    }

    [Fact]
    public void ParametersOutsideTheCodeAreRefused()
    {
        foreach (var (k, n) in new[] { (0, 1), (2, 1), (1, 257), (-1, 3) })
        {
            Should.Throw<ArgumentOutOfRangeException>(() => ErasureCode.For(k, n));
        }

        ErasureCode.For(256, 256).N.ShouldBe(256);
    }

    private static int Vandermonde(int row, int column)
        => row == 0 ? (column == 0 ? 1 : 0) : GaloisField.Power((row - 1) * column % GaloisField.GroupOrder);

    private static byte MultiplyBitByBit(int a, int b)
    {
        var product = 0;
        for (var bit = 0; bit < 8; bit++)
        {
            product ^= ((b >> bit) & 1) != 0 ? a << bit : 0;
        }

        for (var bit = 14; bit >= 8; bit--)
        {
            product ^= ((product >> bit) & 1) != 0 ? 0x11D << (bit - 8) : 0;
        }

        return (byte)product;
    }
}
