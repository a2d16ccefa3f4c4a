using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MagicFolder.Tahoe.Erasure;

/// <summary>Two look-ups in tables of 16 bytes for each vector of 256 bits (AVX2).</summary>
internal readonly unsafe struct Nibbles256 : IFieldOperations<Vector256<byte>, NibbleTables<Vector256<byte>>>
{
    public static int Width => 32;

    public static bool IsSupported => Avx2.IsSupported;

    public static Vector256<byte> Load(byte* source) => Vector256.Load(source);

    public static void Store(Vector256<byte> vector, byte* destination) => vector.Store(destination);

    public static NibbleTables<Vector256<byte>> FactorOf(byte factor)
    {
        var table = FactorTables.NibblesOf(factor);
        return new(Avx2.BroadcastVector128ToVector256(table), Avx2.BroadcastVector128ToVector256(table + 16));
    }

    public static Vector256<byte> AddProduct(Vector256<byte> sum, Vector256<byte> vector, NibbleTables<Vector256<byte>> factor)
    {
        var mask = Vector256.Create((byte)0x0f);
        var low = Avx2.Shuffle(factor.Low, vector & mask);
        var high = Avx2.Shuffle(factor.High, Vector256.ShiftRightLogical(vector.AsUInt16(), 4).AsByte() & mask);
        return sum ^ low ^ high;
    }
}
