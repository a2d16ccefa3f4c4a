using MagicFolder.Architecture.Tests.Reading;

namespace MagicFolder.Architecture.Tests;

/// <summary>Time and randomness come in through parameters; only the command takes them from the system. The compiler refuses them (eng/BannedSymbols.txt); this looks at what came out.</summary>
public sealed class AmbientTests
{
    private static readonly string[] Types = ["System.Random", "System.Diagnostics.Stopwatch", "System.Threading.Timer", "System.Timers.Timer"];

    private static readonly string[] Members =
    [
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today", "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow",
        "System.Environment.get_TickCount", "System.Environment.get_TickCount64", "System.Guid.NewGuid", "System.Guid.CreateVersion7",
        "System.Threading.Thread.Sleep", "System.IO.Path.GetRandomFileName", "System.IO.Path.GetTempFileName",
    ];

    private const string SystemTime = "System.TimeProvider.get_System";
    private const string SystemRandomness = "System.Security.Cryptography.RandomNumberGenerator.";

    public static TheoryData<string> AllRooms => new(Rooms.All);

    [Theory]
    [MemberData(nameof(AllRooms))]
    public void NoRoomTakesTimeOrRandomnessFromItsSurroundings(string room)
    {
        var compiled = CompiledAssembly.Of(room);

        compiled.Types.Intersect(Types).ShouldBeEmpty();
        compiled.Members.Intersect(Members).ShouldBeEmpty();
        if (room == "Cli") return;
        compiled.Members.Where(member => member == SystemTime || member.StartsWith(SystemRandomness, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void TheCommandIsWhereTheyComeFrom()
    {
        var members = CompiledAssembly.Of("Cli").Members;

        members.ShouldContain(SystemTime);
        members.ShouldContain(SystemRandomness + "Fill");
    }

    [Fact]
    public void OnlyTheSourceOfRandomnessLiftsTheBan() =>
        Repository.Files("src", ".cs")
            .Where(file => File.ReadAllText(file).Contains("RS0030", StringComparison.Ordinal))
            .Select(Repository.Relative)
            .ShouldBe(["src/MagicFolder.Cli/Composition/SystemRandom.cs"]);

    [Theory]
    [InlineData("P:System.DateTime.Now")]
    [InlineData("P:System.DateTime.UtcNow")]
    [InlineData("P:System.DateTime.Today")]
    [InlineData("P:System.DateTimeOffset.Now")]
    [InlineData("P:System.DateTimeOffset.UtcNow")]
    [InlineData("P:System.Environment.TickCount")]
    [InlineData("P:System.Environment.TickCount64")]
    [InlineData("M:System.Guid.NewGuid")]
    [InlineData("M:System.Guid.CreateVersion7")]
    [InlineData("T:System.Random")]
    [InlineData("T:System.Security.Cryptography.RandomNumberGenerator")]
    [InlineData("T:System.Diagnostics.Stopwatch")]
    [InlineData("T:System.Threading.Timer")]
    [InlineData("M:System.Threading.Thread.Sleep(System.Int32)")]
    [InlineData("M:System.Threading.Thread.Sleep(System.TimeSpan)")]
    public void TheCompilerRefuses(string symbol) => Symbols("eng/BannedSymbols.txt").ShouldContain(symbol);

    [Fact]
    public void TheCompilerRefusesTheSystemsTimeOutsideOfTheCommand() =>
        Symbols("eng/BannedSymbols.OutsideOfCli.txt").ShouldContain("P:System.TimeProvider.System");

    private static IEnumerable<string> Symbols(string file) => File.ReadLines(Repository.PathOf(file)).Select(line => line.Split(';')[0]);
}
