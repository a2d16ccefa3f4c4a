using System.Buffers.Binary;

namespace MagicFolder.Fuzzing.Mutations;

/// <summary>Mutations that know nothing of the format. Each gives a new array.</summary>
internal static class ByteMutations
{
    private static readonly ulong[] Boundaries =
    [
        0, 1, 2, 0x17, 0x18, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0xFF_FFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF,
        0x1_0000_0000, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, 0xFFFF_FFFF_FFFF_FFFF,
    ];

    public static byte[] Apply(byte[] input, byte[] other, Random random) => random.Next(11) switch
    {
        0 => WithByte(input, random, old => (byte)(old ^ (1 << random.Next(8)))),
        1 => WithByte(input, random, _ => (byte)random.Next(256)),
        2 => WithByte(input, random, old => (byte)(old + random.Next(-3, 4))),
        3 => input[..random.Next(input.Length + 1)],
        4 => [.. input, .. Bytes(random, random.Next(1, 40))],
        5 => Delete(input, random),
        6 => Duplicate(input, random),
        7 => Splice(input, other, random),
        8 or 9 => Number(input, random),
        _ => InsertToken(input, Bytes(random, random.Next(1, 9)), random),
    };

    public static ulong Boundary(Random random) => Boundaries[random.Next(Boundaries.Length)] + (ulong)(random.Next(4) == 0 ? random.Next(-2, 3) : 0);

    public static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Writes the token somewhere: in between, or over what is there.</summary>
    public static byte[] InsertToken(byte[] input, byte[] token, Random random)
    {
        int at = random.Next(input.Length + 1);
        int over = random.Next(2) == 0 ? 0 : Math.Min(token.Length, input.Length - at);
        return [.. input.AsSpan(0, at), .. token, .. input.AsSpan(at + over)];
    }

    private static byte[] WithByte(byte[] input, Random random, Func<byte, byte> change)
    {
        if (input.Length == 0) return [(byte)random.Next(256)];
        byte[] changed = [.. input];
        ref byte at = ref changed[random.Next(changed.Length)];
        at = change(at);
        return changed;
    }

    private static byte[] Delete(byte[] input, Random random)
    {
        var (start, length) = Range(input, random);
        return [.. input.AsSpan(0, start), .. input.AsSpan(start + length)];
    }

    private static byte[] Duplicate(byte[] input, Random random)
    {
        var (start, length) = Range(input, random);
        int times = random.Next(8) == 0 ? random.Next(2, 100) : 1;
        if ((long)length * times > 1 << 18) times = 1;
        var repeated = new List<byte>(input.AsSpan(0, start).ToArray());
        for (int i = 0; i < times; i++) repeated.AddRange(input.AsSpan(start, length));
        repeated.AddRange(input.AsSpan(start));
        return [.. repeated];
    }

    private static byte[] Splice(byte[] input, byte[] other, Random random) =>
        [.. input.AsSpan(0, random.Next(input.Length + 1)), .. other.AsSpan(random.Next(other.Length + 1))];

    /// <summary>A boundary value in a field of 1, 2, 4 or 8 bytes, mostly big-endian, mostly near the start, where lengths and offsets are.</summary>
    private static byte[] Number(byte[] input, Random random)
    {
        byte[] changed = [.. input];
        int width = 1 << random.Next(4);
        if (changed.Length < width) return changed;
        int reach = random.Next(2) == 0 ? Math.Min(changed.Length, 128) : changed.Length;
        int at = random.Next(Math.Max(1, reach - width + 1));
        ulong value = random.Next(4) == 0 ? (ulong)Math.Max(0, input.Length + random.Next(-4, 5)) : Boundary(random);
        Span<byte> eight = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(eight, value);
        var field = eight[(8 - width)..];
        if (random.Next(16) == 0) field.Reverse();
        field.CopyTo(changed.AsSpan(at));
        return changed;
    }

    private static (int Start, int Length) Range(byte[] input, Random random)
    {
        int start = random.Next(input.Length + 1);
        int longest = random.Next(2) == 0 ? Math.Min(16, input.Length - start) : input.Length - start;
        return (start, random.Next(longest + 1));
    }
}
