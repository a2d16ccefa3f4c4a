using MagicFolder.Model;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Membership;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Fuzzing.Targets;

/// <summary>The configuration of a folder on this computer: a file that a disk or a person may have damaged.</summary>
internal sealed class ConfigurationTarget : FuzzTarget
{
    public override string Name => "configuration";

    public override IReadOnlyList<byte[]> Tokens { get; } =
        [.. JsonTokens.Common, .. new[] { "\"format\"", "\"participants\"", "\"name\"", "\"personalKey\"", "\"leaseSecret\"", "URI:SSK-RO:", "====" }.Select(Some.Utf8)];

    public override byte[] Generate(Random random) => new FolderConfiguration(
        new FolderId((UInt128)random.Next()), Some.Name(random), "/grid", Some.Frozen(random, 32),
        random.Next(3) == 0 ? CollectiveAccess.OfReader(SomeCap(random).ToReadCap()) : CollectiveAccess.OfAdmin(SomeCap(random)),
        [.. Enumerable.Range(0, random.Next(3)).Select(_ => new LocalParticipant(Some.Name(random), "/home", Some.Frozen(random, 40)))]).ToBytes();

    public override string Run(byte[] input)
    {
        var read = FolderConfiguration.Parse(input, "folder.json");
        PromiseSame(read.ToBytes(), FolderConfiguration.Parse(read.ToBytes(), "folder.json").ToBytes());
        return $"{Size(read.Participants.Length)} participants, {Size(read.LeaseSecret.Length)}";
    }

    private static MutableWriteCap SomeCap(Random random) => new(MutableFormat.Sdmf, WriteKey.From(Some.Bytes(random, 16)), Some.Digest(random));

    public override bool IsRefusal(Exception e) => e is DamagedBytesException;
}
