using MagicFolder.FileSystem.Marking;
using MagicFolder.Model;

namespace MagicFolder.Fuzzing.Targets;

/// <summary>The marker in a folder.</summary>
internal sealed class MarkerTarget : FuzzTarget
{
    public override string Name => "marker";

    public override IReadOnlyList<byte[]> Tokens { get; } = [.. JsonTokens.Common, .. new[] { "\"format\"", "\"folder\"", "\"participant\"" }.Select(Some.Utf8)];

    public override byte[] Generate(Random random) => MarkerFile.ToBytes(new FolderMarker(new FolderId(new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64())), Some.Name(random)));

    public override string Run(byte[] input)
    {
        var marker = MarkerFile.Parse(input);
        Promise(MarkerFile.Parse(MarkerFile.ToBytes(marker)) == marker, "its own bytes are another marker");
        return $"{Size(marker.Participant.Length)}";
    }

    public override bool IsRefusal(Exception e) => e is DamagedBytesException;
}
