using MagicFolder.Model;
using MagicFolder.Snapshots.Heads;

namespace MagicFolder.Fuzzing.Targets;

internal sealed class HeadTarget : FuzzTarget
{
    public override string Name => "head";

    public override bool IsCbor => true;

    public override byte[] Generate(Random random)
    {
        var packs = Enumerable.Range(0, 3).Select(_ => Some.Pack(random)).ToArray();
        var retained = Enumerable.Range(0, random.Next(4)).Select(_ => new RetainedSnapshot(
            Some.Id(random), Some.Positive(random), random.NextInt64(long.MinValue, long.MaxValue), Some.Id(random), Some.Location(random, packs[random.Next(3)])));
        return new Head(
            new FolderId((UInt128)random.Next()), Some.Actor(random), Some.Frozen(random, 16), Some.Frozen(random, 32), Some.Positive(random), Some.Id(random),
            Some.Frozen(random, random.Next(1, 260)), Some.Location(random, packs[random.Next(3)]), [.. retained]).Encode();
    }

    public override string Run(byte[] input)
    {
        var head = Head.Decode(input);
        PromiseSame(input, head.Encode());
        _ = head.ToObservation();
        return $"{Size(head.Retained.Length)} retained, {head.Location.Encoding}, {Size(head.Signature.Length)}";
    }

    public override bool IsRefusal(Exception e) => e is DamagedBytesException;
}
