using System.Buffers.Binary;

namespace MagicFolder.Model;

/// <summary>A folder: 128 random bits, made with its Collective. <c>default</c> is no folder.</summary>
/// <remarks>
/// Two numbers, not one of 128 bits: the program is compiled before it runs, but not those of its methods that touch a <see cref="UInt128"/>, or anything that holds one; they
/// would be compiled at every start.
/// </remarks>
public readonly record struct FolderId
{
    public const int Length = 16;

    private readonly ulong _high;
    private readonly ulong _low;

    private FolderId(ulong high, ulong low) => (_high, _low) = (high, low);

    public FolderId(UInt128 value)
        : this((ulong)(value >> 64), (ulong)value)
    {
    }

    public static FolderId FromBytes(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, Length);
        return new FolderId(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
    }

    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), _low);
        return bytes;
    }

    /// <summary>32 hexadecimal digits.</summary>
    public override string ToString() => _high.ToString("x16") + _low.ToString("x16");
}
