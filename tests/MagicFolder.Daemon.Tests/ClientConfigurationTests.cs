using System.Text;
using MagicFolder.Daemon.Configuration;
using MagicFolder.Model;

namespace MagicFolder.Daemon.Tests;

public sealed class ClientConfigurationTests
{
    [Fact]
    public void OnlyTheGridHasToBeSaid() => Parse("""{"format": 1, "grid": "/g"}""").ShouldBe(new ClientConfiguration("/g", 2, 120, 0));

    [Fact]
    public void EverythingElseMayBe() =>
        Parse("""{"format": 1, "grid": "/g", "pollSeconds": 60, "scanSeconds": 3600, "port": 8080, "threads": 2, "later": true}""").ShouldBe(new ClientConfiguration("/g", 60, 3600, 8080, Threads: 2));

    [Theory]
    [InlineData("", DamageReason.Malformed)]
    [InlineData("null", DamageReason.Malformed)]
    [InlineData("[]", DamageReason.Malformed)]
    [InlineData("""{"format": 1}""", DamageReason.Malformed)]
    [InlineData("""{"format": 1, "grid": "relative"}""", DamageReason.Malformed)]
    [InlineData("""{"format": 2, "grid": "/g"}""", DamageReason.NewerFormat)]
    [InlineData("""{"format": 1, "grid": "/g", "pollSeconds": 0}""", DamageReason.Malformed)]
    [InlineData("""{"format": 1, "grid": "/g", "threads": 65}""", DamageReason.Malformed)]
    [InlineData("""{"format": 1, "grid": "/g", "scanSeconds": 100000000}""", DamageReason.Malformed)]
    [InlineData("""{"format": 1, "grid": "/g", "port": 70000}""", DamageReason.Malformed)]
    public void NonsenseIsNamed(string text, DamageReason reason)
    {
        var trouble = Should.Throw<DamagedBytesException>(() => Parse(text));
        trouble.Reason.ShouldBe(reason);
        trouble.Message.ShouldContain("config.json");
    }

    private static ClientConfiguration Parse(string text) => ClientConfiguration.Parse(Encoding.UTF8.GetBytes(text), "config.json");
}
