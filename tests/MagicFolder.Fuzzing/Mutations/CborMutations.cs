namespace MagicFolder.Fuzzing.Mutations;

/// <summary>Mutations of CBOR that keep most of it sound, so that what lies behind the syntax is reached. Some formats hold CBOR behind a prefix: then a scan starts there.</summary>
internal static class CborMutations
{
    public static byte[] Apply(byte[] input, Random random)
    {
        var items = CborItem.Scan(input);
        if (items.Count == 0) return input;
        var item = items[random.Next(items.Count)];
        return random.Next(10) switch
        {
            0 => WithHead(input, item, CborItem.Head(item.Major, ByteMutations.Boundary(random))),
            1 => WithHead(input, item, CborItem.Head(item.Major, item.Value, extra: random.Next(1, 4))),
            2 => WithHead(input, item, [(byte)(item.Major << 5 | random.Next(24, 32))]),
            3 => WithHead(input, item, CborItem.Head(random.Next(8), item.Value)),
            4 => Sized(input, items, item, [.. Bytes(input, item), .. Bytes(input, item)], +1),
            5 => Sized(input, items, item, [], -1),
            6 => Replace(input, item, Nested(random.Next(1, random.Next(2) == 0 ? 8 : 2000), input, item)),
            7 => Replace(input, item, Bytes(input, items[random.Next(items.Count)])),
            8 => Content(input, item, random),
            _ => Neighbour(input, item, random),
        };
    }

    private static byte[] Bytes(byte[] input, CborItem item) => input[item.Start..item.End];

    private static byte[] Replace(byte[] input, CborItem item, byte[] by) => [.. input.AsSpan(0, item.Start), .. by, .. input.AsSpan(item.End)];

    private static byte[] WithHead(byte[] input, CborItem item, byte[] head) => [.. input.AsSpan(0, item.Start), .. head, .. input.AsSpan(item.Start + item.HeadLength)];

    /// <summary>One item more or less, and the count of the array that holds it along with it.</summary>
    private static byte[] Sized(byte[] input, List<CborItem> items, CborItem item, byte[] by, int change)
    {
        var replaced = Replace(input, item, by);
        return item.Parent < 0 ? replaced : WithHead(replaced, items[item.Parent], CborItem.Head(items[item.Parent].Major, items[item.Parent].Value + (ulong)change));
    }

    private static byte[] Nested(int depth, byte[] input, CborItem item) => [.. Enumerable.Repeat((byte)0x81, depth), .. input.AsSpan(item.Start, item.End - item.Start)];

    /// <summary>Another string of another length, or another number, with a right head.</summary>
    private static byte[] Content(byte[] input, CborItem item, Random random)
    {
        if (item.Major is not (2 or 3)) return WithHead(input, item, CborItem.Head(random.Next(2), ByteMutations.Boundary(random)));
        var content = item.Major == 3 && random.Next(2) == 0 ? "..\u0000/é😀"u8.ToArray() : ByteMutations.Bytes(random, random.Next(70));
        return Replace(input, item, [.. CborItem.Head(item.Major, (ulong)content.Length), .. content]);
    }

    /// <summary>A number a little greater or smaller; a string with one byte changed.</summary>
    private static byte[] Neighbour(byte[] input, CborItem item, Random random)
    {
        if (item.Major is 0 or 1) return WithHead(input, item, CborItem.Head(item.Major, item.Value + (ulong)random.Next(-2, 3)));
        if (item.Major is not (2 or 3) || item.End <= item.Start + item.HeadLength) return input;
        byte[] changed = [.. input];
        changed[random.Next(item.Start + item.HeadLength, item.End)] = (byte)random.Next(256);
        return changed;
    }
}
