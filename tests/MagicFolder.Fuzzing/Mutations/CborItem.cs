namespace MagicFolder.Fuzzing.Mutations;

/// <summary>One item in CBOR bytes, as far as they can be understood.</summary>
/// <param name="Start">Offset of its head.</param>
/// <param name="HeadLength">Bytes of the head.</param>
/// <param name="Major">The type, 0 to 7.</param>
/// <param name="Value">The number, length or count in the head.</param>
/// <param name="End">Offset behind the item and all in it.</param>
/// <param name="Parent">Number of the array or map that it is in; -1 at the top.</param>
internal readonly record struct CborItem(int Start, int HeadLength, int Major, ulong Value, int End, int Parent)
{
    /// <summary>All items in the order of their heads; stops quietly where the bytes make no sense.</summary>
    public static List<CborItem> Scan(ReadOnlySpan<byte> bytes)
    {
        var items = new List<CborItem>();
        for (int at = 0; at < bytes.Length && items.Count < 4096;)
        {
            int end = Scan(bytes, at, -1, 0, items);
            if (end <= at) break;
            at = end;
        }
        return items;
    }

    public static byte[] Head(int major, ulong value, int extra = 0)
    {
        int size = (value < 24 ? 0 : value <= byte.MaxValue ? 1 : value <= ushort.MaxValue ? 2 : value <= uint.MaxValue ? 3 : 4) + extra;
        if (size == 0) return [(byte)(major << 5 | (int)value)];
        size = Math.Min(size, 4);
        var head = new byte[1 + (1 << (size - 1))];
        head[0] = (byte)(major << 5 | (23 + size));
        for (int i = head.Length - 1; i > 0; i--, value >>= 8) head[i] = (byte)value;
        return head;
    }

    private static int Scan(ReadOnlySpan<byte> bytes, int start, int parent, int depth, List<CborItem> items)
    {
        if (start >= bytes.Length || depth > 32) return -1;
        int info = bytes[start] & 31;
        int size = info < 24 ? 0 : info <= 27 ? 1 << (info - 24) : -1;
        if (size < 0 || bytes.Length - start <= size) return -1;
        ulong value = (ulong)info;
        if (size > 0)
        {
            value = 0;
            foreach (byte b in bytes.Slice(start + 1, size)) value = value << 8 | b;
        }
        int number = items.Count;
        int major = bytes[start] >> 5;
        int end = start + 1 + size;
        items.Add(new CborItem(start, 1 + size, major, value, end, parent));
        if (major is 2 or 3) end = value > (ulong)(bytes.Length - end) ? -1 : end + (int)value;
        else if (major is 4 or 5)
        {
            ulong count = major == 4 ? value : value * 2;
            for (ulong i = 0; i < count && end >= 0 && items.Count < 4096; i++) end = Scan(bytes, end, number, depth + 1, items);
        }
        items[number] = items[number] with { End = end < 0 ? bytes.Length : end };
        return end;
    }
}
