using System.Text;
using MagicFolder.Model;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Membership;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Sync.Tests.Folders;

public sealed class FolderConfigurationTests
{
    private static readonly MutableWriteCap Cap = new(MutableFormat.Sdmf, WriteKey.From(new byte[16]), Digest.From(new byte[32]));

    private static readonly FolderConfiguration Sound = new(
        new FolderId(7), "photos", "/grid", [1, 2, 3], CollectiveAccess.OfAdmin(Cap),
        [new LocalParticipant("alice", "/home/alice", [4, 5])]);

    [Fact]
    public void ItIsReadAsItWasWritten()
    {
        var read = FolderConfiguration.Parse(Sound.ToBytes(), "folder.json");

        read.ToBytes().ShouldBe(Sound.ToBytes());
        read.Participants.Single().Path.ShouldBe("/home/alice");
    }

    [Fact]
    public void OneFromBeforeTheKeyOfTheCollectiveWasKeptIsReadAsWell()
    {
        Encoding.UTF8.GetString(Sound.ToBytes()).ShouldNotContain("collectiveKey");

        FolderConfiguration.Parse(Sound.ToBytes(), "folder.json").CollectiveKey.ShouldBeEmpty();
        FolderConfiguration.Parse((Sound with { CollectiveKey = [8, 9] }).ToBytes(), "folder.json").CollectiveKey.ShouldBe([8, 9]);
    }

    [Fact]
    public void OnlyTheAdminsComputerHoldsTheWriteCap()
    {
        var joined = Sound with { Collective = CollectiveAccess.OfReader(Cap.ToReadCap()) };

        var read = FolderConfiguration.Parse(joined.ToBytes(), "folder.json");

        read.Collective.ShouldBe(joined.Collective);
        read.Collective.IsAdmin.ShouldBeFalse();
        FolderConfiguration.Parse(Sound.ToBytes(), "folder.json").Collective.WriteCap.ShouldBe(Cap);
    }

    [Theory]
    [InlineData("\"alice\"", "null")]
    [InlineData("\"/home/alice\"", "null")]
    [InlineData("\"photos\"", "null")]
    [InlineData("\"/grid\"", "null")]
    [InlineData("URI:SSK:", "URI:SSK:a")]
    [InlineData("URI:SSK:", "URI:SSK-Verifier:")]
    [InlineData("\"participants\": [", "\"participants\": [null,")]
    [InlineData("\"participants\"", "\"others\"")]
    [InlineData("\"format\": 1", "\"format\": 0")]
    [InlineData("00000000000000000000000000000007", "7")]
    public void WhatIsNoConfigurationIsDamagedAndSaysNoSecret(string part, string instead)
    {
        string text = Encoding.UTF8.GetString(Sound.ToBytes());
        text.ShouldContain(part);

        var refused = Should.Throw<DamagedBytesException>(() => FolderConfiguration.Parse(Encoding.UTF8.GetBytes(text.Replace(part, instead, StringComparison.Ordinal)), "folder.json"));

        refused.Reason.ShouldBe(DamageReason.Malformed);
        refused.Message.ShouldNotContain("URI:");
    }
}
