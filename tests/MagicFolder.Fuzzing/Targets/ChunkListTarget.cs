using MagicFolder.Model;
using MagicFolder.Snapshots.Framing;

namespace MagicFolder.Fuzzing.Targets;

internal sealed class ChunkListTarget : FuzzTarget
{
    public override string Name => "chunk-list";

    public override bool IsCbor => true;

    public override byte[] Generate(Random random) => new ChunkList(
        random.Next(ChunkList.MaxLevel + 1), [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => new ChunkListPart(Some.Id(random), random.Next(1, 1 << 22)))]).Encode();

    public override string Run(byte[] input)
    {
        var list = ChunkList.Decode(input);
        PromiseSame(input, list.Encode());
        Promise(list.Size >= list.Parts.Length, "a part is empty");
        return $"level {list.Level}, {Size(list.Parts.Length)} parts";
    }

    public override bool IsRefusal(Exception e) => e is DamagedBytesException;
}
