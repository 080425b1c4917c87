namespace Bitloom.Aot.Tests;

/// <summary>The package as users get it: a project that knows nothing of this repository builds from it and runs.</summary>
[Trait("Category", "Slow")]
[Collection(AotProgramCollection.Name)]
public class PackageTests(AotProgram program)
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            <InvariantGlobalization>true</InvariantGlobalization>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Bitloom" Version="*" />
            <BloomModel Include="unit.bloom" />
          </ItemGroup>
        </Project>
        """;

    // Packages go into the consumer's own folder: the machine's cache would hand out an older build of the same version.
    private const string Configuration = """
        <configuration>
          <config>
            <add key="globalPackagesFolder" value="cache" />
          </config>
          <packageSources>
            <clear />
            <add key="packed" value="packages" />
          </packageSources>
        </configuration>
        """;

    [Fact]
    public void ConsumerOutsideTheRepositoryBuildsFromThePackageAndRuns()
    {
        string folder = Directory.CreateTempSubdirectory("bitloom-consumer-").FullName;
        try
        {
            string source = Path.GetFullPath(Path.Combine(AotProgram.ProjectFolder, "../../../src/Bitloom"));
            DotNetCommand.Run(source, "pack", "-c", "Release", "-o", Path.Combine(folder, "packages"));
            File.WriteAllText(Path.Combine(folder, "Consumer.csproj"), Project);
            File.WriteAllText(Path.Combine(folder, "nuget.config"), Configuration);
            foreach (string name in new[] { "Program.cs", "unit.bloom" })
                File.Copy(Path.Combine(AotProgram.ProjectFolder, name), Path.Combine(folder, name));

            DotNetCommand.Run(folder, "build", "-c", "Release", "-o", Path.Combine(folder, "built"));

            Assert.Equal(program.ManagedOutput, DotNetCommand.Run(folder, Path.Combine(folder, "built", "Consumer.dll")));
            Assert.Equal([], Directory.GetFiles(Path.Combine(folder, "built"), "*.bloom").Concat(Directory.GetFiles(Path.Combine(folder, "built"), "Bitloom.Compiler*")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
