using MagicFolder.Sync.Folders;

namespace MagicFolder.Sync.Tests.Folders;

public sealed class RoundRequestsTests
{
    private readonly RoundRequests _requests = new();

    [Fact]
    public async Task WhoAsksIsAnsweredByTheRoundThatBeginsThen()
    {
        var asked = AskAsync();
        _requests.Take().ShouldBeTrue();
        var later = AskAsync();
        _requests.Answer(null);
        (await asked).ShouldBeNull();
        later.IsCompleted.ShouldBeFalse();
        _requests.Take();
        _requests.Answer("no");
        (await later).ShouldBe("no");
        _requests.Take().ShouldBeFalse();
    }

    [Fact]
    public async Task NobodyWaitsForARoundThatDoesNotCome()
    {
        var taken = AskAsync();
        _requests.Take();
        var asked = AskAsync();
        _requests.Close();
        foreach (var one in new[] { taken, asked, AskAsync() }) await Should.ThrowAsync<OperationCanceledException>(() => one);
    }

    private Task<string?> AskAsync() => _requests.AskAsync(TestContext.Current.CancellationToken);
}
