using MagicFolder.Model;
using MagicFolder.Snapshots.Chunking;
using MagicFolder.Snapshots.Heads;

namespace MagicFolder.Fuzzing.Targets;

internal sealed class CollectiveTarget : FuzzTarget
{
    public override string Name => "collective";

    public override bool IsCbor => true;

    public override byte[] Generate(Random random)
    {
        var participants = Enumerable.Range(0, random.Next(4)).Select(i => new Participant(
            $"{Some.Name(random)}{i}", (ParticipantRole)random.Next(1, 3), Some.ReadCap(random), Some.Frozen(random, random.Next(1, 300)), random.Next(2) == 0));
        return new Collective(new FolderId((UInt128)random.Next()), Some.Name(random), new ChunkingKey(Some.Bytes(random, 32)), random.Next(4096, 1 << 30), [.. participants]).Encode();
    }

    public override string Run(byte[] input)
    {
        var collective = Collective.Decode(input);
        PromiseSame(input, collective.Encode());
        return $"{Size(collective.Participants.Length)} participants, {collective.Participants.Count(p => p.IsRemoved)} removed";
    }

    public override bool IsRefusal(Exception e) => e is DamagedBytesException;
}
