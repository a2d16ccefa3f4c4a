using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace MagicFolder.Tahoe.Erasure;

/// <summary>Two look-ups in tables of 16 bytes for each vector of 128 bits (SSSE3, or Arm).</summary>
internal readonly unsafe struct Nibbles128 : IFieldOperations<Vector128<byte>, NibbleTables<Vector128<byte>>>
{
    public static int Width => 16;

    public static bool IsSupported => Ssse3.IsSupported || AdvSimd.Arm64.IsSupported;

    public static Vector128<byte> Load(byte* source) => Vector128.Load(source);

    public static void Store(Vector128<byte> vector, byte* destination) => vector.Store(destination);

    public static NibbleTables<Vector128<byte>> FactorOf(byte factor)
    {
        var table = FactorTables.NibblesOf(factor);
        return new(Vector128.Load(table), Vector128.Load(table + 16));
    }

    public static Vector128<byte> AddProduct(Vector128<byte> sum, Vector128<byte> vector, NibbleTables<Vector128<byte>> factor)
    {
        var mask = Vector128.Create((byte)0x0f);
        var low = Vector128.ShuffleNative(factor.Low, vector & mask);
        var high = Vector128.ShuffleNative(factor.High, Vector128.ShiftRightLogical(vector, 4) & mask);
        return sum ^ low ^ high;
    }
}
