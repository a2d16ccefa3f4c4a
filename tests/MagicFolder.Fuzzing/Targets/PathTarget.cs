using System.Text;
using MagicFolder.FileSystem.Names;
using MagicFolder.Model.Paths;

namespace MagicFolder.Fuzzing.Targets;

/// <summary>Bytes that should be a path, what hosts say of it, and the names of conflict files. Up to the first newline the petname, then the path.</summary>
internal sealed class PathTarget : FuzzTarget
{
    public override string Name => "path";

    public override IReadOnlyList<byte[]> Tokens { get; } =
    [
        .. new[]
        {
            "/", "//", ".", "..", "../", "/..", "\0", ".magic-folder", ".MAGIC-folder", ".conflict-", ".conflict-bob", ".git", ".GIT/", "CON", "NUL.txt", "com1", "\\", ":", "é", "e\u0301", "😀",
            "\u202e", " ", "\n", "\r", new string('x', 255), new string('/', 3), string.Concat(Enumerable.Repeat("a/", 130)), new string('y', 1025),
        }.Select(Some.Utf8), [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80],
    ];

    public override byte[] Generate(Random random) => [.. Some.Utf8(Some.Name(random)), (byte)'\n', .. Some.Path(random).ToUtf8()];

    public override string Run(byte[] input)
    {
        int newline = Array.IndexOf(input, (byte)'\n');
        string petname = newline <= 0 ? "" : Encoding.UTF8.GetString(input, 0, newline);
        var bytes = input.AsSpan(newline + 1);
        if (!RelativePath.TryParse(bytes, out var path, out var fault)) throw new Runs.RefusedByResultException(fault.ToString());
        PromiseSame(bytes, path.ToUtf8());
        Promise(RelativePath.TryFromKey(path.Key, out var same, out _) && same == path && RelativePath.Parse(path.ToString()) == path, "its key or its text is another path");
        Promise(path.Depth >= 1 && path.IsUnder(RelativePath.Root) && path.Parent.Child(path.NameUtf8) == path, "it is not in its parent");
        var faults = string.Join(',', Enum.GetValues<HostNames>().Select(host => NameRules.Check(path, host)));
        var mains = ConflictNames.MainsOf(path).ToArray();
        Promise(mains.All(main => !main.IsRoot && !main.IsReserved), "a conflict file of the program's own");
        int taken = input.Length % 3;
        var chosen = ConflictNames.Choose(path, petname, _ => taken-- > 0);
        Promise(!chosen.IsRoot && chosen != path && (!chosen.IsReserved || chosen.IsUnder(ConflictNames.Aside) || path.IsReserved), "a conflict file has a bad place");
        Promise(chosen.NameUtf8.Length <= NameRules.LinuxNameLength, "the name of a conflict file is too long");
        return $"{Size(path.Depth)} {Size(path.Key.Length)} {path.IsReserved} {faults} {mains.Length > 0} {chosen.IsReserved}";
    }

    public override bool IsRefusal(Exception e) => false;
}
