using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MagicFolder.Tahoe.Erasure;

/// <summary>
/// The affine instruction of x86 on vectors of 512 bits. (Its multiplying sister works in another field, over the polynomial 0x11B.)
/// </summary>
internal readonly unsafe struct Gfni512 : IFieldOperations<Vector512<byte>, Vector512<byte>>
{
    public static int Width => 64;

    public static bool IsSupported => Gfni.V512.IsSupported;

    public static Vector512<byte> Load(byte* source) => Vector512.Load(source);

    public static void Store(Vector512<byte> vector, byte* destination) => vector.Store(destination);

    public static Vector512<byte> FactorOf(byte factor) => Vector512.Create(FactorTables.MatrixOf(factor)).AsByte();

    public static Vector512<byte> AddProduct(Vector512<byte> sum, Vector512<byte> vector, Vector512<byte> factor)
        => sum ^ Gfni.V512.GaloisFieldAffineTransform(vector, factor, 0);
}
