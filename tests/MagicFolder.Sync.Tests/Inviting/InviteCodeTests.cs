using System.Collections.Immutable;
using MagicFolder.Model;
using MagicFolder.Snapshots.Heads;
using MagicFolder.Sync.Inviting;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Sync.Tests.Inviting;

public sealed class InviteCodeTests
{
    // docs/formats/invite.md has these as its worked example.
    internal const string Frozen = "magic1-acjywakqaaaaaaaaaaaaaaaaaaaab4a54jtha2dporxxgy3cn5racuabaibqibiga4eascqlbqgq4dyqlaqaeayeaudaocajbifqydiob4ibceqtcqkrmfyydenbwha5dypsaikqamcakbqhbaequcymbuha6earcjmcabafaydqqcikbmga2dqpcaireeyuculbogazdinryhi6d4qccirdjb4zchwqn4wv4di2m37taadpj7wxu";

    private static readonly InviteCode Sound = Make();

    [Fact]
    public void ItIsReadAsItWasMade()
    {
        var read = InviteCode.Parse(Sound.Reveal());

        read.ShouldBe(Sound);
        (read.Folder, read.FolderName, read.Petname, read.Role, read.Expires).ShouldBe((new FolderId(0xF01DE2), "photos", "bob", ParticipantRole.ReadWrite, DateTimeOffset.UnixEpoch.AddDays(20000)));
        read.Answer.ShouldBe(Sound.Answer);
        read.Reply.ShouldBe(Sound.Reply);
        read.Id.ShouldBe(Sound.Id);
    }

    [Fact]
    public void TheTextIsFrozen() => Sound.Reveal().ShouldBe(Frozen);

    [Fact]
    public void ItFitsIntoAQrCodeEvenWithTheLongestNames() => Make(new string('f', 64), new string('p', 64)).Reveal().Length.ShouldBeLessThan(500);

    [Fact]
    public void CaseWhiteSpaceAndInvisibleCharactersDoNotMatter()
    {
        string text = Sound.Reveal();
        string mailed = "  " + string.Join("\r\n\t", text.Chunk(40).Select(line => new string(line))).ToUpperInvariant() + "\u200b\u00a0\n";

        InviteCode.Parse(mailed).ShouldBe(Sound);
    }

    [Fact]
    public void WhateverIsCutOffIsToldApartFromAMistake()
    {
        string text = Sound.Reveal();
        for (int length = "magic1-".Length; length < text.Length; length++)
            Should.Throw<RefusedException>(() => InviteCode.Parse(text[..length])).Message.ShouldStartWith("The code is incomplete");
    }

    [Fact]
    public void EveryMistypedCharacterIsNoticed()
    {
        string text = Sound.Reveal();
        for (int i = "magic1-".Length; i < text.Length; i++)
        {
            char other = text[i] == 'a' ? 'b' : 'a';
            Should.Throw<RefusedException>(() => InviteCode.Parse(text[..i] + other + text[(i + 1)..]));
            Should.Throw<RefusedException>(() => InviteCode.Parse(text[..i] + '0' + text[(i + 1)..]));
        }
        Should.Throw<RefusedException>(() => InviteCode.Parse(text + "a")).Message.ShouldContain("mistake");
        Should.Throw<RefusedException>(() => InviteCode.Parse(text[..^4] + text[^3] + text[^4] + text[^2..])).Message.ShouldContain("mistake");
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("magic-abc")]
    [InlineData("URI:SSK:aaaa")]
    public void WhatIsNoCodeIsSaidToBeNone(string text) => Should.Throw<RefusedException>(() => InviteCode.Parse(text)).Message.ShouldContain("no invite code");

    [Fact]
    public void ACodeOfANewerProgramIsSaidToBeNewer()
    {
        Should.Throw<RefusedException>(() => InviteCode.Parse("magic2-abc")).Message.ShouldContain("newer version");
        Should.Throw<RefusedException>(() => InviteCode.Parse(InviteCodeText.Encode([0x8B, 0x02, .. new byte[10]]))).Message.ShouldContain("newer version");
    }

    [Fact]
    public void AnotherGridIsNoticed()
    {
        Sound.RequireGrid("grid"u8);

        Should.Throw<RefusedException>(() => Sound.RequireGrid("another"u8)).Message.ShouldContain("another grid");
    }

    [Fact]
    public void ALongNameIsCutBetweenCharacters() => InviteCode.Cut("x" + new string('é', 40)).ShouldBe("x" + new string('é', 31));

    [Fact]
    public void ItsTextForLogsSaysNoSecret() => Sound.ToString().ShouldBe("invite of bob to photos");

    internal static InviteCode Make(string folder = "photos", string petname = "bob") => new(
        new FolderId(0xF01DE2), folder, petname, ParticipantRole.ReadWrite,
        new MutableWriteCap(MutableFormat.Sdmf, WriteKey.From(Bytes(1, 16)), Digest.From(Bytes(2, 32))),
        new MutableReadCap(MutableFormat.Sdmf, ReadKey.From(Bytes(3, 16)), Digest.From(Bytes(4, 32))),
        InviteCode.FingerprintOf("grid"u8), DateTimeOffset.UnixEpoch.AddDays(20000));

    private static byte[] Bytes(int first, int count) => [.. Enumerable.Range(first, count).Select(i => (byte)i)];
}
