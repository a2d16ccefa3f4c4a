using MagicFolder.Model;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Snapshots.Tests.Doubles;
using MagicFolder.Snapshots.Tests.Framing;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Snapshots.Tests.Heads;

public sealed class CollectiveTests
{
    [Fact]
    public void ACollectiveComesBackFromItsBytes()
    {
        var collective = Make();
        byte[] bytes = collective.Encode();
        var read = Collective.Decode(bytes);
        read.ShouldBe(collective);
        read.Encode().ShouldBe(bytes);
        read.Participants.ShouldBe(collective.Participants);
        read.ChunkingKey.ShouldBe(Room.Key);
    }

    [Fact]
    public void TheBytesAreFrozen() => Convert.ToHexStringLower(Make().Encode()).ShouldBe(Frozen.Collective);

    [Fact]
    public void ANewerCollectiveIsRefusedAsSuch()
    {
        byte[] bytes = Make().Encode();
        bytes[1] = 2;
        Should.Throw<DamagedBytesException>(() => Collective.Decode(bytes)).Reason.ShouldBe(DamageReason.NewerFormat);
    }

    [Fact]
    public void DamagedCollectivesEndInTheOneException() => Fuzz.Decoder(Make().Encode(), bytes => Collective.Decode(bytes).Encode());

    [Fact]
    public void NoPetnameIsListedTwice()
    {
        var alice = Make().Participants[0];
        Should.Throw<ArgumentException>(() => Make().With([alice, alice]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two\nlines")]
    public void PetnamesAreFitForFileNamesAndLogs(string petname)
    {
        var alice = Make().Participants[0];
        Should.Throw<ArgumentException>(() => new Participant(petname, ParticipantRole.ReadWrite, alice.Personal, alice.PublicKey, false));
    }

    [Fact]
    public void ACollectiveDoesNotPrintItsSecrets()
    {
        string text = $"{Make()} {Make().Participants[0]} {Make().ChunkingKey}";
        text.ShouldNotContain("URI");
        text.ShouldNotContain("0001");
    }

    internal static Collective Make() => new(
        Room.Folder,
        "Photos",
        Room.Key,
        Collective.DefaultPackSize,
        [
            new Participant("alice", ParticipantRole.ReadWrite, Personal(1), [1, 2, 3], isRemoved: false),
            new Participant("bob's phone", ParticipantRole.ReadOnly, Personal(2), [4], isRemoved: true),
        ]);

    private static MutableReadCap Personal(byte seed) =>
        new(MutableFormat.Sdmf, ReadKey.From(Enumerable.Repeat(seed, 16).ToArray()), Digest.From(Enumerable.Repeat(seed, 32).ToArray()));
}
