using MagicFolder.Model;
using MagicFolder.Model.Snapshots;
using MagicFolder.Sync.Folders;
using MagicFolder.Sync.Tests.Viewing;

namespace MagicFolder.Sync.Tests.Folders;

public sealed class RetentionFileTests
{
    [Theory]
    [InlineData("{}", 0, null)]
    [InlineData("""{ "allOfDays": 7 }""", 7, null)]
    [InlineData("""{ "allOfDays": 7, "dropAfterDays": 365 }""", 7, 365)]
    [InlineData("""{ "dropAfterDays": null }""", 0, null)]
    public void SaysWhatStays(string text, int allOfDays, int? dropAfterDays) =>
        RetentionFile.Parse(System.Text.Encoding.UTF8.GetBytes(text), "file").ShouldBe(new RetentionRule(allOfDays, dropAfterDays));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{ "allOfDays": -1 }""")]
    [InlineData("""{ "dropAfterDays": 0 }""")]
    [InlineData("""{ "dropAfterDays": 1.5 }""")]
    [InlineData("""{ "dropAfterDay": 3 }""")]
    [InlineData("""{ "allOfDays": 40000 }""")]
    public void NothingIsGuessed(string text) =>
        Should.Throw<DamagedBytesException>(() => RetentionFile.Parse(System.Text.Encoding.UTF8.GetBytes(text), "the file")).Message.ShouldContain("the file");

    [Fact]
    public async Task AParticipantWhoseRuleCannotBeReadStopsAndOneWithARuleFollowsIt()
    {
        using var world = await EmbeddedWorld.StartAsync("alice");
        string file = Path.Combine(world.StateDirectory, RetentionFile.FileName);
        await File.WriteAllTextAsync(file, "{ \"keep\": 1 }", TestContext.Current.CancellationToken);
        await using (var session = await world.OpenAsync()) session.Participants[0].StopReason.ShouldNotBeNull().ShouldContain(RetentionFile.FileName);
        await File.WriteAllTextAsync(file, "{ \"allOfDays\": 2 }", TestContext.Current.CancellationToken);
        for (int i = 0; i < 22; i++)
        {
            world.Write("alice", "x", new string('x', i));
            await world.SyncAsync();
        }
        using var view = world.View("alice");
        Snapshots.Heads.Head.Decode(view.State.Sealed.Read()!.HeadBytes!).Retained.Length.ShouldBe(22);
    }
}
