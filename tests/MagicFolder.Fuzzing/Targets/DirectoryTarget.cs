using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Directories;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Fuzzing.Targets;

/// <summary>The content of a directory behind one byte that says with which authority it is read.</summary>
internal sealed class DirectoryTarget : FuzzTarget
{
    private static readonly WriteKey Key = WriteKey.From(new byte[16]);

    private static readonly string[] Jsons = ["{}", """{"ctime": 1.5, "no-write": true}""", """{"tahoe": {"linkcrtime": 3, "linkmotime": 4}, "x": [1, "é"]}""", """{"tahoe": 5}""", """{"\ud800": "\u0000"}""", "{ }"];

    /// <summary>The tables of Unicode are read once; that is no allocation of an input.</summary>
    public DirectoryTarget() => _ = ChildName.From("e\u0301");

    public override string Name => "directory";

    public override IReadOnlyList<byte[]> Tokens { get; } =
    [
        .. new[]
        {
            "0:,", "1:", "2:{},", "ro.", "imm.", "ro.imm.", "URI:LIT:", "URI:CHK:", "URI:SSK:", "URI:SSK-RO:", "URI:DIR2:", "URI:DIR2-LIT:", "URI:MDMF-Verifier:", " ", ",,", "e\u0301", "\u212b", "\uac00\u11a8",
            "\"tahoe\"", "\"linkcrtime\"", "\"no-write\": true", "\"\\u0074ahoe\": {}", "{\"a\":", "99999999999:",
        }.Select(Some.Utf8),
    ];

    public override byte[] Generate(Random random)
    {
        var input = new List<byte> { (byte)random.Next(3) };
        for (int i = random.Next(4); i > 0; i--) input.AddRange(Entry(Some.Utf8(Some.Name(random)), CapText(random), CapText(random), Some.Utf8(Jsons[random.Next(Jsons.Length)]), input[0]));
        return [.. input];
    }

    /// <summary>What is no entry becomes one: cut in four, with right lengths.</summary>
    public override byte[] Repair(byte[] input, Random random)
    {
        if (input.Length == 0) return input;
        ReadOnlySpan<byte> rest = input.AsSpan(1);
        var repaired = new List<byte> { input[0] };
        while (!rest.IsEmpty)
        {
            var before = rest;
            if (Netstring.TryRead(ref rest, out var fields) && IsEntry(fields))
            {
                repaired.AddRange(before[..^rest.Length]);
                continue;
            }
            var piece = before[..Math.Min(before.Length, random.Next(1, 120))];
            rest = before[piece.Length..];
            int[] cuts = [random.Next(piece.Length + 1), random.Next(piece.Length + 1), random.Next(piece.Length + 1)];
            Array.Sort(cuts);
            byte[] json = random.Next(2) == 0 ? piece[cuts[2]..].ToArray() : Some.Utf8(Jsons[random.Next(Jsons.Length)]);
            repaired.AddRange(Entry(piece[..cuts[0]].ToArray(), piece[cuts[0]..cuts[1]].ToArray(), piece[cuts[1]..cuts[2]].ToArray(), json, input[0]));
        }
        return [.. repaired];
    }

    public override string Run(byte[] input)
    {
        if (input.Length == 0) return "nothing";
        var authority = (input[0] % 3) switch { 0 => DirectoryAuthority.Writer(Key), 1 => DirectoryAuthority.Reader, _ => DirectoryAuthority.Immutable };
        var table = DirectoryTable.Parse(input.AsMemory(1), authority);
        byte[] packed = table.Pack();
        var again = DirectoryTable.Parse(packed, authority);
        PromiseSame(packed, again.Pack());
        PromiseChildren(table, again);
        Promise(table.Skipped.SequenceEqual(again.Skipped), "other entries are skipped");
        Promise(!authority.IsImmutable || table.Children.All(child => child.Caps is { Write: null, Read: not { IsMutable: true } }), "an immutable directory holds what can change");
        if (!authority.CanBuild) return $"{authority}, {Size(table.Count)} names";
        var made = DirectoryTable.Empty(authority);
        bool isWhole = true;
        foreach (var child in table.Children)
        {
            // Verify caps of mutable files are read, but not put into immutable directories.
            bool refused = authority.IsImmutable && child.Caps.Read is (MutableVerifyCap or DirectoryCap { Inner: MutableVerifyCap });
            isWhole &= !refused;
            if (!refused) made = made.With(child);
        }
        if (isWhole) PromiseChildren(table, DirectoryTable.Parse(made.Pack(), authority));
        if (!authority.IsImmutable) Link(table);
        string shapes = string.Join(',', table.Children.Select(child => child.Caps.Best?.Kind ?? "none").Concat(table.Skipped.Select(skipped => skipped.Fault.ToString())).Distinct().Order(StringComparer.Ordinal).Take(3));
        return $"{authority}, {Size(table.Count)} names, {shapes}";
    }

    public override bool IsRefusal(Exception e) => e is DamagedDirectoryException;

    /// <summary>Each name is read four times and written three times.</summary>
    public override long AllocationLimit(int length) => (256 << 10) + (1000L * length);

    private static void Link(DirectoryTable table)
    {
        foreach (var child in table.Children.Take(4))
        {
            var linked = table.Link(child.Name, child.Caps, child.Metadata, DateTimeOffset.UnixEpoch.AddSeconds(17.5));
            var found = DirectoryTable.Parse(linked.Pack(), table.Authority).Find(child.Name);
            Promise(found is not null && linked.Count == table.Count && found.Metadata.Equals(linked.Find(child.Name)!.Metadata), "a link is not there");
            Promise(!found!.Metadata.NoWrite || found.Caps.Write is null, "a write cap is where none was to be");
        }
    }

    private static void PromiseChildren(DirectoryTable left, DirectoryTable right) => Promise(left.Children.SequenceEqual(right.Children), "packed again the children are others");

    private static bool IsEntry(ReadOnlySpan<byte> fields)
    {
        for (int i = 0; i < 4; i++)
        {
            if (!Netstring.TryRead(ref fields, out _)) return false;
        }
        return true;
    }

    private static byte[] Entry(byte[] name, byte[] read, byte[] write, byte[] json, int authority)
        => Wrap([.. Wrap(name), .. Wrap(read), .. Wrap(authority % 3 == 2 ? [] : WriteField.Encrypt(Key, write)), .. Wrap(json)]);

    private static byte[] CapText(Random random) => Some.Utf8(random.Next(7) switch
    {
        0 => "",
        1 => new LiteralCap(Some.Bytes(random, random.Next(9))).ToUriString(),
        2 => Some.ChkCap(random).ToUriString(),
        3 => new MutableWriteCap((MutableFormat)random.Next(2), WriteKey.From(Some.Bytes(random, 16)), Some.Digest(random)).ToUriString(),
        4 => "ro." + Some.ReadCap(random).ToUriString(),
        5 => new DirectoryCap(new LiteralCap([])).ToUriString(),
        _ => random.Next(2) == 0 ? "future" : "imm.future ",
    });

    private static byte[] Wrap(byte[] value)
    {
        var netstring = new byte[Netstring.EncodedLength(value.Length)];
        Netstring.Write(value, netstring);
        return netstring;
    }
}
