using System.Buffers.Binary;

namespace MagicFolder.Model;

/// <summary>A folder: 128 random bits, made with its Collective. <c>default</c> is no folder.</summary>
public readonly record struct FolderId(UInt128 Value)
{
    public const int Length = 16;

    public static FolderId FromBytes(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, Length);
        return new FolderId(BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
        return bytes;
    }

    /// <summary>32 hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x32");
}
