using MagicFolder.Architecture.Tests.Reading;

namespace MagicFolder.Architecture.Tests;

public sealed class ArrowTests
{
    public static TheoryData<string> Rooms => new(Tests.Rooms.All);

    [Fact]
    public void EveryRoomHasItsArrowsStated() =>
        Repository.Files("src", ".csproj").Select(Tests.Rooms.NameOf).Order().ShouldBe(Tests.Rooms.All.Order());

    [Theory]
    [MemberData(nameof(Rooms))]
    public void AProjectReferencesOnlyRoomsBelowIt(string room) =>
        Tests.Rooms.ReferencesOf(Tests.Rooms.ProjectOf(room))
            .Where(reference => !IsBelow(room, reference))
            .ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Rooms))]
    public void ACompiledRoomUsesOnlyRoomsBelowIt(string room)
    {
        var others = Tests.Rooms.All.ToDictionary(Tests.Rooms.AssemblyOf, StringComparer.Ordinal);

        CompiledAssembly.Of(room).Assemblies
            .Where(assembly => others.TryGetValue(assembly, out string? other) && !Tests.Rooms.MayUse(room, other))
            .ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Model", "Snapshots")]
    [InlineData("Grid", "Model")]
    [InlineData("Snapshots", "FileSystem")]
    [InlineData("FileSystem", "State")]
    [InlineData("State", "Snapshots")]
    [InlineData("Sync", "Cli")]
    public void AnArrowTheWrongWayIsRefused(string room, string other) => Tests.Rooms.MayUse(room, other).ShouldBeFalse();

    [Fact]
    public void AReferenceIsReadFromBothKindsOfEvidence()
    {
        Tests.Rooms.ReferencesOf(Tests.Rooms.ProjectOf("Grid")).Select(Tests.Rooms.NameOf).ShouldBe(["Tahoe"]);
        CompiledAssembly.Of("Grid").Assemblies.ShouldContain("MagicFolder.Tahoe");
    }

    private static bool IsBelow(string room, string reference)
    {
        string path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Tests.Rooms.ProjectOf(room))!, reference.Replace('\\', '/')));
        return Repository.Relative(path).StartsWith("src/", StringComparison.Ordinal) && Tests.Rooms.MayUse(room, Tests.Rooms.NameOf(reference));
    }
}
