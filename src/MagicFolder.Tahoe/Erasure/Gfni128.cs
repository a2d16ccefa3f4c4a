using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MagicFolder.Tahoe.Erasure;

/// <summary>
/// The affine instruction of x86 on vectors of 128 bits. (Its multiplying sister works in another field, over the polynomial 0x11B.)
/// </summary>
internal readonly unsafe struct Gfni128 : IFieldOperations<Vector128<byte>, Vector128<byte>>
{
    public static int Width => 16;

    public static bool IsSupported => Gfni.IsSupported;

    public static Vector128<byte> Load(byte* source) => Vector128.Load(source);

    public static void Store(Vector128<byte> vector, byte* destination) => vector.Store(destination);

    public static Vector128<byte> FactorOf(byte factor) => Vector128.Create(FactorTables.MatrixOf(factor)).AsByte();

    public static Vector128<byte> AddProduct(Vector128<byte> sum, Vector128<byte> vector, Vector128<byte> factor)
        => sum ^ Gfni.GaloisFieldAffineTransform(vector, factor, 0);
}
