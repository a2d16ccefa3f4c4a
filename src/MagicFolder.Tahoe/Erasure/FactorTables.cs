using System.Runtime.InteropServices;

namespace MagicFolder.Tahoe.Erasure;

/// <summary>What multiplying by each of the 256 factors takes, in the forms that the instruction sets want. The memory is never moved or freed.</summary>
internal static unsafe class FactorTables
{
    private static readonly byte* Products = Pinned(256 * 256, (factor, table) =>
    {
        for (var x = 0; x < 256; x++)
        {
            table[x] = GaloisField.Multiply(factor, x);
        }
    });

    private static readonly byte* Nibbles = Pinned(256 * 32, (factor, table) =>
    {
        for (var x = 0; x < 16; x++)
        {
            table[x] = GaloisField.Multiply(factor, x);
            table[16 + x] = GaloisField.Multiply(factor, x << 4);
        }
    });

    private static readonly byte* Matrices = Pinned(256 * 8, (factor, table) =>
    {
        // Multiplying is linear over the bits: column j is the product with bit j. Byte 7-i is the row that makes bit i of the result.
        for (var i = 0; i < 8; i++)
        {
            for (var j = 0; j < 8; j++)
            {
                table[7 - i] |= (byte)(((GaloisField.Multiply(factor, 1 << j) >> i) & 1) << j);
            }
        }
    });

    private delegate void Filling(int factor, Span<byte> table);

    /// <summary>256 bytes: the products with all bytes.</summary>
    internal static byte* ProductsOf(byte factor) => Products + (factor * 256);

    /// <summary>16 bytes: the products with the low halves of bytes; then 16 bytes: with the high halves.</summary>
    internal static byte* NibblesOf(byte factor) => Nibbles + (factor * 32);

    /// <summary>The multiplication as a bit matrix of 8 × 8, as the affine instruction takes it.</summary>
    internal static ulong MatrixOf(byte factor) => ((ulong*)Matrices)[factor];

    private static byte* Pinned(int size, Filling fill)
    {
        var tables = (byte*)NativeMemory.AlignedAlloc((nuint)size, 64);
        new Span<byte>(tables, size).Clear();
        var each = size / 256;
        for (var factor = 0; factor < 256; factor++)
        {
            fill(factor, new Span<byte>(tables + (factor * each), each));
        }

        return tables;
    }
}
