using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MagicFolder.Tahoe.Erasure;

/// <summary>
/// The affine instruction of x86 on vectors of 256 bits. (Its multiplying sister works in another field, over the polynomial 0x11B.)
/// </summary>
internal readonly unsafe struct Gfni256 : IFieldOperations<Vector256<byte>, Vector256<byte>>
{
    public static int Width => 32;

    public static bool IsSupported => Gfni.V256.IsSupported;

    public static Vector256<byte> Load(byte* source) => Vector256.Load(source);

    public static void Store(Vector256<byte> vector, byte* destination) => vector.Store(destination);

    public static Vector256<byte> FactorOf(byte factor) => Vector256.Create(FactorTables.MatrixOf(factor)).AsByte();

    public static Vector256<byte> AddProduct(Vector256<byte> sum, Vector256<byte> vector, Vector256<byte> factor)
        => sum ^ Gfni.V256.GaloisFieldAffineTransform(vector, factor, 0);
}
